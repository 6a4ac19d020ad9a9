# SPDX-License-Identifier: GPL-2.0-only
# promise: 6
# mutation: the last descriptor of a chunk is a byte longer
# file: driver/split.c
# caught by: sim test_copy every_pair_small
s/bus_address\(engine, src->addr\), len\);$/bus_address(engine, src->addr), len + (len == left));/

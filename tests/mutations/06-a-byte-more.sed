# SPDX-License-Identifier: GPL-2.0-only
# promise: 6
# mutation: the last descriptor of a chunk is a byte longer
# file: driver/pipeline.c
# caught by: sim test_copy every_pair_small
s/^\t\t\t  len\);$/\t\t\t  len + (chunk->submitted + len == chunk->len));/

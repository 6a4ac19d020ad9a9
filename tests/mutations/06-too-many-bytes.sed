# SPDX-License-Identifier: GPL-2.0-only
# promise: 6
# mutation: a descriptor goes on to the end of its segment
# file: driver/pipeline.c
# caught by: sim test_copy every_pair_small
/^\tlen = min_t\(u64, len, chunk->len - chunk->submitted\);/d

# SPDX-License-Identifier: GPL-2.0-only
# promise: 5
# mutation: a completion is taken for the request at hand, whose ever it was
# file: driver/xfer.c
# caught by: sim test_stray stray_completion_ends_no_later_copy
s/xa_load\(&requests, number >> TAG_BITS\)/xa_find(\&requests, \&(unsigned long){ 0 }, ULONG_MAX, XA_PRESENT)/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 1
# mutation: a kernel buffer shows what was in its pages before
# file: driver/area.c
# caught by: sim test_cycles new_buffers_show_nothing_old
s/ \| __GFP_ZERO//

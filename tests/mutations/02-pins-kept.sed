# SPDX-License-Identifier: GPL-2.0-only
# promise: 2
# mutation: a range that is pinned in part, and then refused, stays pinned
# file: driver/pin.c
# caught by: sim test_memory memory_that_may_not_be_touched_is_efault
s/^\tunpin_user_pages\(area->pages, area->npages\);//

# SPDX-License-Identifier: GPL-2.0-only
# promise: 7
# mutation: sources are pinned for writing
# file: driver/pin.c
# caught by: sim test_pinning reading_makes_no_copy_of_a_private_page
s/\(how & PIN_WRITE \? FOLL_WRITE : 0\)/FOLL_WRITE/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 7
# mutation: destinations are pinned for reading
# file: driver/pin.c
# caught by: sim test_pinning writing_makes_a_copy_of_a_private_page
s/\(how & PIN_WRITE \? FOLL_WRITE : 0\)/0/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 7
# mutation: destinations are pinned for reading
# file: driver/area.c
# caught by: sim test_pinning writing_makes_a_copy_of_a_private_page
s/\(write \? FOLL_WRITE : 0\)/0/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 8
# mutation: the limit isn't looked at
# file: driver/pin.c
# caught by: sim test_memlock copy_is_charged_to_the_page
s/^\t\t\tif \(npages > limit \|\| sum > limit - npages\)/\t\t\tif (npages > LONG_MAX)/

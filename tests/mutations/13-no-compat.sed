# SPDX-License-Identifier: GPL-2.0-only
# promise: 13
# mutation: 32-bit callers aren't served
# file: driver/main.c
# caught by: sim compat32 32-bit_callers_get_the_same_answers
/^\t\.compat_ioctl = /d

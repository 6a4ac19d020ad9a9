# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: a length is cut to 32 bits
# file: driver/copy.c
# caught by: sim test_ioctl length_isnt_cut_to_32_bits
/^static void fill_defaults/,/^}/ s/^\targ->copied = 0;/&\n\targ->len = (u32)arg->len;/

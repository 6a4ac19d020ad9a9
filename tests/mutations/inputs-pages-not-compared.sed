# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: sides whose pages are the same may overlap at different addresses
# file: driver/overlap.c
# caught by: sim test_alias user_to_user_is_einval
s/known\(&overlap->set\[!side\], &bytes, false\)/false/

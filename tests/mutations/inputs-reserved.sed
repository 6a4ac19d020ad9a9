# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: reserved fields are ignored
# file: driver/copy.c
# caught by: sim test_ioctl reserved_fields_and_unknown_flags_are_einval
/^static int check_args/,/^}/ s/any_set\(arg->reserved, ARRAY/any_set(arg->reserved, 0 * ARRAY/

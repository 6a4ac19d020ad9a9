# SPDX-License-Identifier: GPL-2.0-only
# promise: 1
# mutation: a request is read again after it was checked
# file: driver/main.c
# caught by: sim test_request copy_is_read_once
/^static int copy_ioctl_entry/,/^}/ s/^\terr = copy_ioctl\(session, &arg\);/\tif (copy_from_user(\&arg, argp, sizeof(arg)))\n\t\treturn -EFAULT;\n&/

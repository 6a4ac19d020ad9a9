# SPDX-License-Identifier: GPL-2.0-only
# promise: 1
# mutation: a request is read again after it was checked
# file: driver/copy.c
# caught by: sim test_request copy_is_read_once
/^int copy_ioctl/,/^}/ s/^\t\terr = check_args\(&copy->arg\);/&\n\tif (!err \&\& copy_from_user(\&copy->arg, argp, sizeof(copy->arg)))\n\t\terr = -EFAULT;/

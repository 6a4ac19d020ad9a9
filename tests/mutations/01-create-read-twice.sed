# SPDX-License-Identifier: GPL-2.0-only
# promise: 1
# mutation: a buffer is made as asked when the request was looked at again
# file: driver/main.c
# caught by: sim test_request buffer_create_is_read_once
s/^\treturn buffer_create\(session, &arg, argp\);/\tif (copy_from_user(\&arg, argp, sizeof(arg)))\n\t\treturn -EFAULT;\n&/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 15
# mutation: a user's pointer is taken for the kernel's own
# file: driver/main.c
# caught by: build make_check sparse
s/^static int info_ioctl\(void __user \*argp\)/static int info_ioctl(void *argp)/

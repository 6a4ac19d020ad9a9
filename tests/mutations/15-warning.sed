# SPDX-License-Identifier: GPL-2.0-only
# promise: 15
# mutation: a function that is no other file's business isn't static
# file: driver/main.c
# caught by: build make_check W=1
s/^static int info_ioctl/int info_ioctl/

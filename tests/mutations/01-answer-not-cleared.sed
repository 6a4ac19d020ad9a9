# SPDX-License-Identifier: GPL-2.0-only
# promise: 1
# mutation: what the kernel had in an answer's place is told along with it
# file: driver/channels.c
# caught by: sim test_request answers_about_engines_are_whole
s/memset\(info, 0, /memset(info, 0x5a, /

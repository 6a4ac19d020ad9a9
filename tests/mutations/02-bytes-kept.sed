# SPDX-License-Identifier: GPL-2.0-only
# promise: 2
# mutation: a buffer that can't be made stays counted
# file: driver/buffer.c
# caught by: sim test_cycles failed_answers_use_nothing_up
s/^\tif \(buffer->charged\)/\tif (buffer->charged \&\& buffer->object.handle)/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 11
# mutation: a buffer goes while it is mapped
# file: driver/buffer.c
# caught by: sim test_mmap mapped_buffer_is_busy_until_the_last_part_goes
s/buffer->users \|\| atomic_read\(&buffer->mmaps\)/buffer->users/

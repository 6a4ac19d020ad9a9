# SPDX-License-Identifier: GPL-2.0-only
# promise: 6
# mutation: a buffer that was never written is marked as if
# file: driver/pin.c
# caught by: sim test_pinning registered_memory_is_dirty_if_it_was_written
s/area->write && written\)/area->write)/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 7
# mutation: what is registered for reading stays the page that its owner will not write to
# file: driver/pin.c
# caught by: sim test_longterm untouched_memory_written_later
s/^\tif \(!err && longterm && !write\)/\tif (false)/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 2
# mutation: an answer that can't be delivered keeps its handle
# file: driver/buffer.c
# caught by: sim test_cycles failed_answers_use_nothing_up
/^\t\tsession_unreserve\(/d

# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: a signal doesn't end a wait
# file: driver/xfer.c
# caught by: sim test_life signal_ends_a_copy
s/wait_event_interruptible_timeout/wait_event_timeout/

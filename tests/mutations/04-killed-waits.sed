# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: a caller who is killed waits as long as any other
# file: driver/quiesce.c
# caught by: sim test_kill kill_ends_a_copy
s/^\t\tif \(hasty && fatal_signal_pending\(current\)\)/\t\tif (false)/

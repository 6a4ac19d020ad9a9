# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: a signal that nobody handles ends a request
# file: driver/main.c
# caught by: sim test_signals being_stopped_is_no_eintr
s/-ERESTARTNOHAND : -ERESTARTNOINTR/-EINTR : -ERESTARTNOINTR/

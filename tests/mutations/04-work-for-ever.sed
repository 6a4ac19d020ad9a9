# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: a thread's work for its io_uring interrupts a copy, each time anew
# file: driver/xfer.c
# caught by: sim test_ring_work_async copies_end_with_work
s/return task_sigpending\(current\) \? -EINTR : wait_with_work\(.*/return -EINTR;/

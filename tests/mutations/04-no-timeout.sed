# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: the wait for a descriptor has no end
# file: driver/xfer.c
# caught by: sim test_life timeout_leaves_a_quiet_engine
s/slot_over\(slot\), req->timeout\)/slot_over(slot), MAX_SCHEDULE_TIMEOUT)/

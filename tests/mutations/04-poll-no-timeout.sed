# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: who polls waits without end
# file: driver/xfer.c
# caught by: sim test_life timeout_leaves_a_quiet_engine
/^static int wait_polling/,/^}/ s/time_after\(jiffies, end\)/false \&\& &/

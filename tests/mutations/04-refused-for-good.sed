# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: an engine that never takes a descriptor is asked until the timeout
# file: driver/xfer.c
# caught by: sim test_refused too_short_is_einval
s/return time_after\(jiffies, req->refused_since \+ REFUSED_JIFFIES\) \? -EINVAL : -EAGAIN;/return -EAGAIN;/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 8
# mutation: kernel memory on behalf of a user is nobody's
# file: driver/area.h
# caught by: sim test_cgroup kernel_buffer_counts
s/\(GFP_KERNEL_ACCOUNT \| __GFP_NOWARN/(GFP_KERNEL | __GFP_NOWARN/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: page frames go while a mapping of them is being split
# file: driver/mmap.c
# caught by: sim test_gone_split gone_while_it_is_split
s/frames_zap\(vma\);/continue;/

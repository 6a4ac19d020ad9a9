# SPDX-License-Identifier: GPL-2.0-only
# promise: 7
# mutation: what the caller may not touch is pinned all the same
# file: driver/pin.c
# caught by: sim test_memory memory_that_may_not_be_touched_is_efault
s/\(how & PIN_WRITE \? FOLL_WRITE : 0\)/(how \& PIN_WRITE ? FOLL_WRITE | FOLL_FORCE : FOLL_FORCE)/

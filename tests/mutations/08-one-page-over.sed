# SPDX-License-Identifier: GPL-2.0-only
# promise: 8
# mutation: one page more than the limit may be pinned
# file: driver/pin.c
# caught by: sim test_memlock registered_stays_charged
s/sum > limit - npages\)/sum > limit + 1 - npages)/

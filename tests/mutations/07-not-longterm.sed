# SPDX-License-Identifier: GPL-2.0-only
# promise: 7
# mutation: registered memory is pinned as for a moment
# file: driver/pin.c
# caught by: sim test_pinning registered_memory_leaves_the_movable_zone
# vm: --append movablecore=256M
s/\(how & PIN_LONGTERM \? FOLL_LONGTERM : 0\)/0/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 8
# mutation: CAP_IPC_LOCK makes no difference
# file: driver/pin.c
# caught by: sim test_memlock exempt_pages_arent_charged
s/^\tif \(!capable\(CAP_IPC_LOCK\)\) \{/\tif (true) {/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 4
# mutation: another descriptor is prepared before the first one is submitted
# file: driver/xfer.c
# caught by: sim test_held copies_are_right
s/^\treq->refused = false;$/&\n\tdmaengine_prep_dma_memcpy(engine->chan, dst, src, len, flags);/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: a channel with a DMA device of its own isn't missed when its provider goes
# file: driver/watch.c
# caught by: sim test_gone buffers_lose_it
s/data != engine->provider\)/data != engine->dev)/
s/^\t\tif \(&engine->chan_dev->device != dev\)/\t\tif (true)/

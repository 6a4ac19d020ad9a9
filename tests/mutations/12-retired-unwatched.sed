# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: a channel that goes alone isn't missed
# file: driver/watch.c
# caught by: sim test_gone buffers_lose_it
s/^\t\tif \(&engine->chan_dev->device != dev\)/\t\tif (true)/

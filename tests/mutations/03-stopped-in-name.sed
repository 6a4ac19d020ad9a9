# SPDX-License-Identifier: GPL-2.0-only
# promise: 3
# mutation: a provider is believed that it has stopped, though it is known to go on
# file: driver/quiesce.c
# caught by: runs-on alone_poison late_bytes_by_interrupt
s/^\tif \(!engine->can_stop\)/\tif (0)/

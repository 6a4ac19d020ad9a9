# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: a descriptor is longer than the engine can take
# file: driver/split.c
# caught by: sim test_descriptors length_is_kept_to
s/min_t\(u64, engine->max_len, left\)/left/

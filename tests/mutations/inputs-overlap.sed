# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: sides may overlap
# file: driver/side.c
# caught by: sim test_memory overlap_is_einval
s/return x < y \? y - x < len : x - y < len;/return false;/

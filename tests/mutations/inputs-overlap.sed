# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: sides may overlap
# file: driver/side.c
# caught by: sim test_memory overlap_is_einval
s/^\t\tif \(x < y \? y - x < len : x - y < len\)/\t\tif (false)/

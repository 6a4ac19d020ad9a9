# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: a descriptor's source crosses the engine's boundary
# file: driver/split.c
# caught by: sim test_descriptors boundary_is_kept_to
/^\tlen = within_boundary\(engine, src->addr, len\);/d

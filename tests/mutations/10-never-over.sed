# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: what is told of an engine counts more than what is never exceeded
# file: driver/limits.c
# caught by: known test_known nothing_goes_beyond_what_is_never_exceeded
s/^\tif \(known->never_over\)/\tif (0)/

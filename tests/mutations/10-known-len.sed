# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: what is known of a provider counts more than what its user says
# file: driver/limits.c
# caught by: known test_known who_knows_better_can_say_so
s/^\tif \(limits->max_len == SIZE_MAX && known->max_len\)/\tif (known->max_len)/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: an alignment that is known of a provider isn't asked of its callers
# file: driver/limits.c
# caught by: known test_known each_row_is_in_force
s/known->align > limits->align/0/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 1
# mutation: an out field counts on from what the caller had there
# file: driver/copy.c
# caught by: sim test_request every_out_field_is_written
/^\targ->wait_ns = 0;/d

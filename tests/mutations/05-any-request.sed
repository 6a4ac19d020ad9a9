# SPDX-License-Identifier: GPL-2.0-only
# promise: 5
# mutation: a completion is taken for the request at hand, whose ever it was
# file: driver/request.c
# caught by: sim test_stray stray_completion_ends_no_later_copy
s/request_of\(number >> TAG_BITS\)/request_of(READ_ONCE(last_id) \& TAG_MASK)/

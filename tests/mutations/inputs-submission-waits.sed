# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: a submission to io_uring waits for a page
# file: driver/async.c
# caught by: sim test_uring_manners_async hole_as_source_is_waited_for_elsewhere
s/^\top->nowait = .*;/\top->nowait = false;/

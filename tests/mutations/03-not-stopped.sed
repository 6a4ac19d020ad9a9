# SPDX-License-Identifier: GPL-2.0-only
# promise: 3
# mutation: a copy ends without stopping the engine
# file: driver/quiesce.c
# caught by: sim test_faults nothing_is_written_after_the_end
/^int request_quiesce/,/^}/ s/^\tif \(!request_inflight\(req\)\)/\tif (true)/

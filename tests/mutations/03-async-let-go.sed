# SPDX-License-Identifier: GPL-2.0-only
# promise: 3
# mutation: memory that nobody waits for is let go though the engine couldn't be stopped
# file: driver/async.c
# caught by: alone alone_async late_bytes_without_waiting
s/^\top->stuck = request_quiesce/\trequest_quiesce/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 3
# mutation: memory is let go though the engine couldn't be stopped
# file: driver/copy.c
# caught by: alone alone_poison late_bytes_by_interrupt
s/^\tquiet = !\*err \|\| !request_quiesce\(copy->req, \*err\);/\tquiet = true;\n\tif (*err)\n\t\trequest_quiesce(copy->req, *err);/

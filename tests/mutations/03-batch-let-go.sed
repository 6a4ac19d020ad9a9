# SPDX-License-Identifier: GPL-2.0-only
# promise: 3
# mutation: buffers of a batch are let go though the engine couldn't be stopped
# file: driver/batch.c
# caught by: alone alone_poison late_bytes_of_a_batch
s/^\tquiet = !\*err \|\| !request_quiesce\(batch->req, \*err\);/\tquiet = true;\n\tif (*err)\n\t\trequest_quiesce(batch->req, *err);/

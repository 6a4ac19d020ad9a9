# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: what is told of an engine counts more than what its provider declares
# file: driver/limits.c
# caught by: sim test_max_len declared_length_is_never_exceeded
s/^\t\tshorten\(limits, bytes, DMABENCH_BY_PARAMETER\);/\t\tlimits->max_len = bytes;/

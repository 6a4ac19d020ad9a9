# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: pages that a file system writes back stay pinned for the engine
# file: driver/pin.c
# caught by: sim test_memory file_as_destination
s/longterm && any_written_back\(area\)/false \&\& any_written_back(area)/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: addresses that the engine can't take are passed on to it
# file: driver/side.c
# caught by: sim test_descriptors unaligned_requests_are_einval
s/^\treturn !\(addr & \(engine->align - 1\)\);/\treturn true;/

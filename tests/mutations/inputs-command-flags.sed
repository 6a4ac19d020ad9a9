# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: flags of a command that nobody serves are ignored
# file: driver/async.c
# caught by: sim test_uring_manners_async command_flags_are_einval
s/^\tif \(cmd->flags & URING_USER_FLAGS\)/\tif (false)/

# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: a channel is taken without the lock of its provider's device
# file: driver/engine.c
# caught by: sim test_gone_race opened_while_freed
/^\tdevice_lock\(provider.dev\);$/d
/^\tdevice_unlock\(provider.dev\);$/d

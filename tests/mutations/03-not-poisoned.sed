# SPDX-License-Identifier: GPL-2.0-only
# promise: 3
# mutation: an engine that couldn't be stopped is used on
# file: driver/quiesce.c
# caught by: alone alone_poison late_bytes_by_interrupt
/^\t\tengine_poison\(engine\);/ s/engine_poison\(engine\)/barrier()/

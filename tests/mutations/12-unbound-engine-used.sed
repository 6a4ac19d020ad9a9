# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: an engine that was unbound is asked all the same
# file: driver/engine.h
# caught by: sim test_unbind engine_unbound_while_idle
/^static inline bool engine_usable/,/^}/s/ && !READ_ONCE\(engine->gone\);/;/

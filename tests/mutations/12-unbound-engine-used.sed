# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: an engine that was unbound is asked all the same
# file: driver/dmabench.h
# caught by: sim test_unbind engine_unbound_while_idle
s/return !READ_ONCE\(engine->poisoned\) && READ_ONCE\(engine->chan_dev->chan\);/return !READ_ONCE(engine->poisoned);/

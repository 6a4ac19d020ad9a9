# SPDX-License-Identifier: GPL-2.0-only
# promise: 14
# mutation: an unknown engine is one that may come later
# file: driver/engine.c
# caught by: sim test_unbind no_provider_is_enodev
s/-EBUSY : -ENODEV;/-EBUSY : -EPROBE_DEFER;/

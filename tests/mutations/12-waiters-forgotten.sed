# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: who waits for a device that goes isn't told
# file: driver/vchan.h
# caught by: sim test_unbind engine_unbound_during_a_copy
/^static inline void vchan_abort/,/^}/ s/vchan_finish\(vc, desc, false\)/kfree(desc)/

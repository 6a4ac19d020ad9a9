// SPDX-License-Identifier: GPL-2.0-only
#include "params.h"

const char *const cache_names[CACHE_STATES] = { "hot", "cold" };
const char *const wait_names[WAIT_MODES] = { "interrupt", "poll" };
const char *const dsa_submit_names[DSA_SUBMITS] = { "any", "portal", "write" };
const char *const dsa_wait_names[DSA_WAITS] = { "pause", "umwait", "yield" };
const char *const dsa_fault_names[DSA_FAULTS] = { "resume", "block" };
const char *const cc_names[CC_WAYS] = { "memory", "cache" };
const char *const use_names[USES] = { "none", "read", "write+read" };
const char *const touch_names[TOUCHES] = { "prefault", "fresh" };
const char *const direction_names[DIRECTIONS] = { "one", "both" };

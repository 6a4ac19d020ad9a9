// SPDX-License-Identifier: GPL-2.0-only
#include "params.h"

const char *const cache_names[CACHE_STATES] = { "hot", "cold" };
const char *const wait_names[WAIT_MODES] = { "interrupt", "poll" };

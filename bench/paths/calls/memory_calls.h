/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a copy of user memory consists of beside moving bytes, each by itself: pinning and mapping
 * pages that are there, pinning fresh ones, and handing bytes to the engine and back. Their stages
 * say what the driver measured.
 */
#ifndef DMABENCH_MEMORY_CALLS_H
#define DMABENCH_MEMORY_CALLS_H

#include "paths/path.h"

extern const struct copy_path call_registered, call_pin_fresh, call_sync;

#endif

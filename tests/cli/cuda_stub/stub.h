/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests call libcuda.so.1: streams are threads that copy by CPU, late and each at its own
 * pace. It is strict: a page that wasn't registered, a slot outside the ring, memory taken away
 * while it is still needed end the process by a signal. What is played is said in the environment:
 *
 *   STUB_FAIL=CALL=ERROR[@N][!] the call (from its Nth time on) fails with that number; with "!" all
 *                              calls after it do, as where a context is broken
 *   STUB_NEVER=1               no copy to the host is ever complete; its bytes change all the time
 *   STUB_LATE_US=N             each command waits up to so long
 *   STUB_GPUS=ADDRESS,…        PCI addresses ("0000:3B:00.0")
 *   STUB_VERSION, STUB_MODE    what cuDriverGetVersion says, the compute mode
 *   STUB_LOG=FILE              "init PID" for each cuInit, "context N" for each of device N (100 is
 *                              gpu0's), "left N" at the end: objects not given back
 */
#ifndef CUDA_STUB_H
#define CUDA_STUB_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INVALID 1
#define NOT_READY 600

/* For these files alone: a program may have such names, too. */
#pragma GCC visibility push(hidden)

/* Around all that follows, and all that is queued or known. */
extern pthread_mutex_t lock;
/* Objects that weren't given back, and copies that aren't complete. */
extern int streams, events, contexts, copies_under_way;
extern __thread bool has_context;

/* Of the environment. */
const char *setting(const char *name, const char *otherwise);
void say(const char *what, long number);
/* Ends the process. */
void wrong(const char *what);

/* What STUB_FAIL has for this call, or 0. */
int failure(const char *call);

#define MAY_FAIL                               \
	do {                                   \
		int error = failure(__func__); \
		if (error)                     \
			return error;          \
	} while (0)

/* ---- memory.c: of the GPU, and pages of the host that were registered ---- */

/* Under the lock. */
bool known(const char *at, size_t bytes, bool host);
int ranges_left(void);

#pragma GCC visibility pop

#endif

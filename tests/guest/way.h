/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways to make the engine copy and wait for it, by a child to whom something happens. */
#ifndef WAY_H
#define WAY_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define LEN PAGE
#define MS 1000000UL
/* Seconds until a test that hangs is given up, with its program. */
#define PATIENCE 240

enum way { COPY_SLEEPS, COPY_POLLS, BATCH_SLEEPS, BATCH_POLLS, WAYS };

static const char *const way_names[] = { "COPY", "polling COPY", "BATCH", "polling BATCH" };

/* Shared with the children, so that all see what was copied. */
static char *src, *dst;
static struct dmabench_buffer from, to;

static inline char *shared_pages(void)
{
	char *memory = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static inline int way_setup(void **state)
{
	const struct bench *bench;

	if (bench_setup(state))
		return -1;
	bench = *state;
	src = shared_pages();
	dst = shared_pages();
	pattern(src, LEN, 7);
	if (create(bench, DMABENCH_BUF_REGISTERED, src, LEN, &from) ||
	    create(bench, DMABENCH_BUF_REGISTERED, dst, LEN, &to))
		return -1;
	alarm(PATIENCE);
	return 0;
}

static inline int way_teardown(void **state)
{
	const struct bench *bench = *state;
	int err;

	alarm(0);
	if (on_sim(bench)) {
		sim_fault_off();
		sim_set("latency_ns", 0);
	}
	err = destroy(bench->fd, from.handle) | destroy(bench->fd, to.handle);
	munmap(src, LEN);
	munmap(dst, LEN);
	return bench_teardown(state) | err;
}

static inline int batch_once(const struct bench *bench, uint32_t flags, uint32_t timeout_ms)
{
	struct dmabench_segment all = { 0, 0, LEN };
	struct dmabench_batch arg = {
		.src = { .kind = DMABENCH_BUF_REGISTERED, .handle = from.handle },
		.dst = { .kind = DMABENCH_BUF_REGISTERED, .handle = to.handle },
		.span = LEN,
		.segments_ptr = (uintptr_t)&all,
		.segments = 1,
		.engine = bench->engine,
		.flags = flags,
		.timeout_ms = timeout_ms,
	};

	return request(bench->fd, DMABENCH_IOC_BATCH, &arg);
}

/* The errno, or 0 if all bytes are there; 255: they aren't. */
static inline int go(const struct bench *bench, enum way way, uint32_t timeout_ms)
{
	struct dmabench_copy arg = user_copy(dst, src, LEN);
	uint32_t flags = way == COPY_POLLS || way == BATCH_POLLS ? DMABENCH_COPY_POLL : 0;
	int err;

	if (way == BATCH_SLEEPS || way == BATCH_POLLS) {
		err = batch_once(bench, flags, timeout_ms);
	} else {
		arg.flags = flags;
		arg.timeout_ms = timeout_ms;
		err = copy(bench, &arg);
	}
	return !err && memcmp(dst, src, LEN) ? 255 : err;
}

/* A child that goes this way and tells by its status how it went; it ends with its parent. */
static inline pid_t going(const struct bench *bench, enum way way, uint32_t timeout_ms)
{
	pid_t pid;

	memset(dst, 0, LEN);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(go(bench, way, timeout_ms));
	}
	assert_true(pid > 0);
	/* It has most likely begun by then. */
	usleep(150000);
	return pid;
}

#endif /* WAY_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways in which a channel goes, for the tests of what becomes of those who have it. */
#ifndef GONE_H
#define GONE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define LEN (4 * PAGE)
#define MS 1000000UL

/*
 * Unbound, with a provider that frees its channels then, as most do, or one whose channels have a
 * DMA device of their own; or taken away alone, while the device stays.
 */
enum going { UNBOUND, CLASSIC, OWN_DEVICE, RETIRED, GOINGS };

static const char *const going_names[] = { "unbound", "classic", "with a device of its own",
					   "retired" };

static char *src, *dst;

static inline int gone_setup(void **state)
{
	src = pages(LEN);
	dst = pages(LEN);
	pattern(src, LEN, 12);
	return bench_setup(state);
}

static inline int gone_teardown(void **state)
{
	pages_free(src, LEN);
	pages_free(dst, LEN);
	return bench_teardown(state);
}

#define GONE(name) cmocka_unit_test_setup_teardown(name, gone_setup, gone_teardown)

static inline void play(struct bench *bench, enum going going, bool on)
{
	if (going != CLASSIC && going != OWN_DEVICE)
		return;
	close(bench->fd);
	bind_device(&bench->info, "unbind");
	sim_set(going == CLASSIC ? "classic" : "dma_dev", on);
	bind_device(&bench->info, "bind");
	bench_open(bench);
}

static inline void make_it_go(const struct bench *bench, enum going going)
{
	const char *number = strstr(bench->info.name, "chan");

	if (going == RETIRED)
		sim_set("retire", strtoul(number + 4, NULL, 10));
	else
		bind_device(&bench->info, "unbind");
}

/* With a new session; the device bound again. */
static inline void bring_it_back(struct bench *bench, enum going going)
{
	close(bench->fd);
	if (going == RETIRED)
		bind_device(&bench->info, "unbind");
	bind_device(&bench->info, "bind");
	bench_open(bench);
	copies_right(bench, dst, src, LEN);
}

static inline bool is_listed(const struct bench *bench)
{
	struct dmabench_engine_info info = { .index = 0 };

	for (; !request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info); info.index++) {
		if (!strcmp(info.name, bench->info.name))
			return true;
	}
	return false;
}

/* What is asked of it is ENODEV, and nobody is told that it is there. */
static inline void it_is_gone(const struct bench *bench)
{
	struct dmabench_copy arg = user_copy(dst, src, LEN);
	struct dmabench_buffer buffer;
	uint32_t kind, handle;

	assert_false(is_listed(bench));
	assert_int_equal(copy(bench, &arg), ENODEV);
	arg.flags = DMABENCH_COPY_POLL;
	assert_int_equal(copy(bench, &arg), ENODEV);
	for (kind = DMABENCH_BUF_REGISTERED; kind <= DMABENCH_BUF_KERNEL; kind++)
		assert_int_equal(create(bench, kind, kind == DMABENCH_BUF_REGISTERED ? src : NULL,
					LEN, &buffer),
				 ENODEV);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &handle), ENODEV);
}

#endif /* GONE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Engines of the simulator that can't be stopped: how a test gets one that isn't spoilt yet,
 * spoils it, and sees that it is locked away while the others work.
 */
#ifndef POISON_H
#define POISON_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define MS 1000000UL
#define KINDS 4
#define SPAN (4 * PAGE)
#define FROM 1UL
#define TO PAGE
#define LEN (2 * PAGE + 1)
#define TIMEOUT_MS 100
/* Later than a timeout, a refused stop and one more timeout. */
#define LATE_MS 2000UL
#define BOUND (60000 * MS)

static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];

/* A session with the first channel that isn't spoilt. */
static inline int poison_setup(void **state)
{
	static struct bench bench;
	uint32_t index;

	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	bench.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	for (index = 0;; index++) {
		memset(&bench.info, 0, sizeof(bench.info));
		bench.info.index = index;
		if (request(bench.fd, DMABENCH_IOC_ENGINE_INFO, &bench.info))
			return -1;
		if (!(bench.info.flags & DMABENCH_ENGINE_POISONED) && on_sim(&bench))
			break;
	}
	*state = &bench;
	sim_set("fault_ns", LATE_MS * MS);
	return open_engine(bench.fd, bench.info.name, &bench.engine) ? -1 : 0;
}

static inline int poison_teardown(void **state)
{
	const struct bench *bench = *state;

	sim_fault_off();
	close(bench->fd);
	return 0;
}

static inline bool stoppable(const struct bench *bench)
{
	return bench->info.flags & DMABENCH_ENGINE_TERMINATE;
}

/* The channel's next descriptor ends late, all others behind it, and it can't be stopped. */
static inline void make_late(const struct bench *bench)
{
	sim_fault(stoppable(bench) ? "late,noterm" : "late", 1, 1, -1);
}

static inline uint32_t flags_of(const char *name)
{
	struct dmabench_engine_info info = { .index = 0 };
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	uint32_t index;

	for (index = 0;; index++) {
		info.index = index;
		assert_int_equal(request(fd, DMABENCH_IOC_ENGINE_INFO, &info), 0);
		if (!strcmp(info.name, name))
			break;
		memset(&info, 0, sizeof(info));
	}
	close(fd);
	return info.flags;
}

static inline void is_poisoned(const struct bench *bench)
{
	struct dmabench_copy arg = user_copy(poison, source, PAGE);
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	struct dmabench_buffer buffer;
	uint32_t handle, kind;

	assert_true(flags_of(bench->info.name) & DMABENCH_ENGINE_POISONED);
	assert_int_equal(copy(bench, &arg), ENODEV);
	for (kind = DMABENCH_BUF_REGISTERED; kind < KINDS; kind++)
		assert_int_equal(create(bench, kind, kind == DMABENCH_BUF_REGISTERED ? seen : NULL,
					PAGE, &buffer),
				 ENODEV);
	assert_int_equal(open_engine(fd, bench->info.name, &handle), ENODEV);
	close(fd);
}

static inline void works(void)
{
	char *src = pages(SPAN), *dst = pages(SPAN);
	struct bench *next;
	void *state;

	sim_fault_off();
	assert_int_equal(poison_setup(&state), 0);
	next = state;
	pattern(src, SPAN, 5);
	copies_right(next, dst, src, SPAN);
	close(next->fd);
	pages_free(src, SPAN);
	pages_free(dst, SPAN);
}

/* A request that moves LEN bytes at FROM to TO; 0 or its errno. */
typedef int move_fn(const struct bench *bench, const struct end *src, const struct end *dst,
		    uint32_t flags);

static inline struct dmabench_copy move_of(const struct end *src, const struct end *dst,
					   uint32_t flags)
{
	struct dmabench_copy arg = {
		.src = end_side(src, FROM),
		.dst = end_side(dst, TO),
		.len = LEN,
		.flags = flags,
		.timeout_ms = TIMEOUT_MS,
	};

	return arg;
}

static inline void spoil(const struct bench *bench, move_fn *move, const struct end *src,
			 const struct end *dst, uint32_t flags, int err)
{
	unsigned long start = now();

	assert_int_equal(move(bench, src, dst, flags), err);
	assert_true(now() - start < BOUND);
	is_poisoned(bench);
}

/* What is the copy's own stays so, and what comes late comes there and nowhere else. */
static inline void late_bytes_land_in_owned_memory(const struct bench *bench, move_fn *move,
						   uint32_t kind, uint32_t flags)
{
	long before = pins();
	struct end src, dst;

	end_make(bench, &src, kind, SPAN);
	end_make(bench, &dst, kind, SPAN);
	end_fill(bench, &src, source);
	end_fill(bench, &dst, poison);
	make_late(bench);
	spoil(bench, move, &src, &dst, flags, ETIMEDOUT);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, poison, SPAN);
	/* Three pages of each side, or all of what was registered. */
	if (kind == DMABENCH_BUF_USER)
		assert_int_equal(pins(), before + 6);
	if (kind == DMABENCH_BUF_REGISTERED)
		assert_int_equal(pins(), before + 8);
	if (kind != DMABENCH_BUF_USER) {
		assert_int_equal(destroy(bench->fd, src.handle), EBUSY);
		assert_int_equal(destroy(bench->fd, dst.handle), EBUSY);
	}
	usleep(2 * LATE_MS * 1000);
	memcpy(expected, poison, SPAN);
	memcpy(expected + TO, source + FROM, LEN);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, expected, SPAN);
}

#define POISON_TEST(name) cmocka_unit_test_setup_teardown(name, poison_setup, poison_teardown)

#endif /* POISON_H */

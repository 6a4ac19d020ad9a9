/* SPDX-License-Identifier: GPL-2.0-only */
/* What goes wrong on the simulator, what is said of it, and that nothing is left of it. */
#ifndef FAULTS_H
#define FAULTS_H

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define MS 1000000UL
#define KINDS 4
#define CHUNK (2 * PAGE)
#define SPAN (4 * CHUNK)
#define FROM PAGE
#define TO (PAGE + 1)
#define LEN (3 * CHUNK - PAGE - 1)
#define TIMEOUT_MS 50
/* There is one; far above the timeout, as a busy host adds seconds. */
#define BOUND (60000 * MS)

struct fault {
	const char *name;
	unsigned long count;
	int interrupt; /* the errno by interrupt */
	int poll;      /* and polled */
};

static const struct fault faults[] = {
	{ "none", 1, 0, 0 },
	{ "late", 1, ETIMEDOUT, ETIMEDOUT },
	{ "never", 1, ETIMEDOUT, ETIMEDOUT },
	{ "never", 0, ETIMEDOUT, ETIMEDOUT },
	{ "stray", 1, ETIMEDOUT, ETIMEDOUT },
	{ "twice", 0, 0, 0 },
	{ "error", 1, EIO, EIO },
	{ "error,twice", 0, EIO, EIO },
	{ "status", 1, EIO, EIO },
	{ "residue", 1, EIO, EIO },
	{ "silent", 1, ETIMEDOUT, 0 }, /* who asks the channel needs no interrupt */
	{ "silent", 0, ETIMEDOUT, 0 },
	{ "noprep", 1, 0, 0 },
	{ "noprep", 0, EINVAL, EINVAL }, /* with nothing else in it, for good */
	{ "nosubmit", 1, EIO, EIO },
	{ "noterm", 0, 0, 0 }, /* nobody has to terminate anything */
};

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];

static inline int fault_setup(void **state)
{
	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	return bench_setup(state);
}

static inline int fault_teardown(void **state)
{
	const struct bench *bench = *state;

	if (on_sim(bench)) {
		sim_fault_off();
		sim_set("latency_ns", 0);
		sim_set("unordered", 0);
		sim_set("fault_ns", 100 * MS);
	}
	return bench_teardown(state);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, fault_setup, fault_teardown)

/* A request that moves LEN bytes at FROM to TO, by several descriptors; 0 or its errno. */
typedef int move_fn(const struct bench *bench, const struct end *src, const struct end *dst,
		    uint32_t flags, uint32_t timeout_ms);

static inline void only_the_destination_changed(const struct bench *bench, const struct end *dst,
						int err)
{
	memcpy(expected, poison, SPAN);
	memcpy(expected + TO, source + FROM, LEN);
	end_look(bench, dst, seen);
	if (err) /* undefined where it was asked for, untouched elsewhere */
		memcpy(seen + TO, source + FROM, LEN);
	assert_memory_equal(seen, expected, SPAN);
}

static inline void survives(const struct bench *bench, move_fn *move, struct end *src,
			    struct end *dst, const struct fault *fault, unsigned long nth,
			    uint32_t flags)
{
	int err = flags & DMABENCH_COPY_POLL ? fault->poll : fault->interrupt;
	long before = pins();
	unsigned long start;

	end_fill(bench, src, source);
	end_fill(bench, dst, poison);
	sim_fault(fault->name, nth, fault->count, -1);
	start = now();
	/* Short only where it is waited for: a busy host can take longer to say EIO. */
	if (move(bench, src, dst, flags, err == ETIMEDOUT ? TIMEOUT_MS : 0) != err)
		fail_msg("%s at %lu, flags %u: not errno %d", fault->name, nth, flags, err);
	assert_true(now() - start < BOUND);
	sim_fault_off();
	assert_int_equal(pins(), before);
	only_the_destination_changed(bench, dst, err);
	end_fill(bench, dst, poison);
	assert_int_equal(move(bench, src, dst, flags, 0), 0);
	only_the_destination_changed(bench, dst, 0);
}

static inline void survives_with(const struct bench *bench, move_fn *move, uint32_t kind,
				 const struct fault *list, size_t count)
{
	static const unsigned long nths[] = { 1, 3 };
	struct end src, dst;
	size_t i, j;

	end_make(bench, &src, kind, SPAN);
	end_make(bench, &dst, kind, SPAN);
	for (i = 0; i < count; i++) {
		for (j = 0; j < 2; j++) {
			survives(bench, move, &src, &dst, &list[i], nths[j], 0);
			survives(bench, move, &src, &dst, &list[i], nths[j], DMABENCH_COPY_POLL);
		}
	}
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

/* What was said to be over is: late bytes come nowhere. */
static inline void writes_nothing_after_the_end(const struct bench *bench, move_fn *move,
						uint32_t kind)
{
	struct end src, dst;

	sim_set("fault_ns", 300 * MS);
	end_make(bench, &src, kind, SPAN);
	end_make(bench, &dst, kind, SPAN);
	end_fill(bench, &src, source);
	sim_fault("late", 1, 0, -1);
	assert_int_equal(move(bench, &src, &dst, 0, TIMEOUT_MS), ETIMEDOUT);
	end_fill(bench, &dst, poison);
	usleep(400000);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, poison, SPAN);
	sim_fault_off();
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

#endif /* FAULTS_H */

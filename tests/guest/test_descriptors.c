/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * No descriptor exceeds what its engine can take. The simulator plays engines with narrow
 * limits, looks at each descriptor, and counts those that break one.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define KINDS 4
#define SPAN (64 * PAGE)
#define VIOLATIONS "/sys/module/dmabench_sim/parameters/violations"

struct limits {
	unsigned long max_len;
	unsigned long boundary;
	unsigned long align; /* as a power of two */
};

static const struct limits plain = { 4UL << 20, ~0UL, 0 };
static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];

/* The device is bound anew: limits are read then. */
static void become(struct bench *bench, const struct limits *limits)
{
	close(bench->fd);
	bind_device(&bench->info, "unbind");
	sim_set("max_len", limits->max_len);
	sim_set("boundary", limits->boundary);
	sim_set("align", limits->align);
	bind_device(&bench->info, "bind");
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(find_engine(bench->fd, &bench->info), 0);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), 0);
}

static int teardown(void **state)
{
	if (on_sim(*state))
		become(*state, &plain);
	return bench_teardown(state);
}

static void moves_right(const struct bench *bench, struct end *src, struct end *dst, size_t from,
			size_t to, size_t len)
{
	struct dmabench_copy arg = {
		.src = end_side(src, from),
		.dst = end_side(dst, to),
		.len = len,
		.chunk = 24 * PAGE,
	};

	end_fill(bench, src, source);
	end_fill(bench, dst, poison);
	memcpy(expected, poison, SPAN);
	memcpy(expected + to, source + from, len);
	assert_int_equal(copy(bench, &arg), 0);
	end_look(bench, dst, seen);
	assert_memory_equal(seen, expected, SPAN);
	assert_true(arg.descriptors * bench->info.max_len >= len);
	assert_int_equal(file_field(VIOLATIONS, ""), 0);
}

/* All kinds, at offsets that are as odd as the engine can take. */
static void keeps_to(struct bench *bench, const struct limits *limits)
{
	size_t unit = 1UL << limits->align;
	uint32_t from, to;

	become(bench, limits);
	assert_int_equal(bench->info.align, unit);
	assert_true(bench->info.max_len <= limits->max_len);
	for (from = 0; from < KINDS; from++) {
		for (to = 0; to < KINDS; to++) {
			struct end src, dst;

			end_make(bench, &src, from, SPAN);
			end_make(bench, &dst, to, SPAN);
			moves_right(bench, &src, &dst, 0, 0, SPAN);
			moves_right(bench, &src, &dst, unit, 3 * PAGE - unit, SPAN - 4 * PAGE);
			moves_right(bench, &src, &dst, PAGE - unit, unit, unit);
			end_drop(bench, &src);
			end_drop(bench, &dst);
		}
	}
}

static void length_is_kept_to(void **state)
{
	static const struct limits limits[] = { { 1000, ~0UL, 0 }, { PAGE, ~0UL, 0 } };

	skip_unless_sim(*state);
	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	keeps_to(*state, &limits[0]);
	keeps_to(*state, &limits[1]);
}

static void boundary_is_kept_to(void **state)
{
	static const struct limits limits[] = { { 4UL << 20, 0xffff, 0 }, { 4UL << 20, 0x1ff, 0 } };

	skip_unless_sim(*state);
	keeps_to(*state, &limits[0]);
	keeps_to(*state, &limits[1]);
}

static void all_limits_at_once(void **state)
{
	static const struct limits limits = { 5000, 0x3fff, 6 };

	skip_unless_sim(*state);
	keeps_to(*state, &limits);
}

/* What the engine can't do isn't tried: every address, offset, length and chunk is checked. */
static void unaligned_requests_are_einval(void **state)
{
	static const struct limits limits = { 4UL << 20, ~0UL, 3 };
	struct bench *bench = *state;
	struct end src, dst;
	uint32_t kind;

	skip_unless_sim(bench);
	become(bench, &limits);
	for (kind = 0; kind < KINDS; kind++) {
		static const size_t wrong[][4] = {
			{ 4, 0, 64, 0 }, { 0, 7, 64, 0 }, { 0, 0, 63, 0 }, { 0, 0, 64, 12 }
		};
		unsigned int i;

		end_make(bench, &src, kind, SPAN);
		end_make(bench, &dst, kind, SPAN);
		for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
			struct dmabench_copy arg = { .src = end_side(&src, wrong[i][0]),
						     .dst = end_side(&dst, wrong[i][1]),
						     .len = wrong[i][2],
						     .chunk = wrong[i][3] };

			assert_int_equal(copy(bench, &arg), EINVAL);
		}
		end_drop(bench, &src);
		end_drop(bench, &dst);
	}
	assert_int_equal(file_field(VIOLATIONS, ""), 0);
}

#define DESCRIPTORS(name) cmocka_unit_test_setup_teardown(name, bench_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESCRIPTORS(length_is_kept_to),
		DESCRIPTORS(boundary_is_kept_to),
		DESCRIPTORS(all_limits_at_once),
		DESCRIPTORS(unaligned_requests_are_einval),
	};

	return cmocka_run_group_tests_name("descriptors", tests, NULL, NULL);
}

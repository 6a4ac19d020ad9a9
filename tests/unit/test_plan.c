// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "plan/plan.h"
#include "statistics/rng.h"

static void only_axes_that_matter_multiply(void **state)
{
	struct axes axes = { .npaths = 4,
			     .size = { { 4096, 8192 }, 2 },
			     .share = { { 0, 50, 100 }, 3 },
			     .threads = { { 1, 2 }, 2 },
			     .vector = { { 0, 128 }, 2 },
			     .prefetch = { { 0, 512, 1024 }, 3 } };
	struct plan plan = { 0 };
	char twice[512];

	(void)state;
	axes.paths[0] = path_find("memcpy");
	axes.paths[1] = path_find("cow-fork");
	axes.paths[2] = path_find("vector");
	axes.paths[3] = path_find("nt");
	axes_defaults(&axes);
	assert_int_equal(plan_add(&plan, &axes, twice, sizeof(twice)), 0);
	assert_int_equal(plan.n, 2 + 2 * 3 + 2 * 2 + 2 * 2 * 3);
	assert_int_equal(plan_add(&plan, &axes, twice, sizeof(twice)), -EEXIST);
	assert_non_null(strstr(twice, "memcpy:size=4096"));
	plan_free(&plan);
}

/* As it was before there was such a choice. */
static void what_the_cpu_does_with_the_bytes_is_an_axis_of_all(void **state)
{
	struct axes axes = { .npaths = 4, .size = { { 4096 }, 1 } };
	struct plan plan = { 0 };
	char twice[512];

	(void)state;
	axes.paths[0] = path_find("memcpy");
	axes.paths[1] = path_find("coherent");
	axes.paths[2] = path_find("null");
	axes.paths[3] = path_find("memory-read");
	axes.use = (struct numbers){ { USE_NONE, USE_READ, USE_WRITE_READ }, 3 };
	strcpy(axes.engine[ENGINES_DRIVER].v[0], "any");
	axes.engine[ENGINES_DRIVER].n = 1;
	axes_defaults(&axes);
	assert_int_equal(plan_add(&plan, &axes, twice, sizeof(twice)), 0);
	assert_int_equal(plan.n, 4 * 3);
	case_id(&plan.cases[0], twice, sizeof(twice));
	assert_null(strstr(twice, "use"));
	case_id(&plan.cases[1], twice, sizeof(twice));
	assert_non_null(strstr(twice, ",use=read"));
	plan_free(&plan);
}

static void both_directions_are_a_case_of_their_own(void **state)
{
	struct axes axes = { .npaths = 2, .size = { { 4096 }, 1 } };
	struct plan plan = { 0 };
	char id[512];

	(void)state;
	axes.paths[0] = path_find("memcpy-mt");
	axes.paths[1] = path_find("null");
	axes.direction = (struct numbers){ { DIRECTION_ONE, DIRECTION_BOTH }, 2 };
	axes_defaults(&axes);
	assert_int_equal(plan_add(&plan, &axes, id, sizeof(id)), 0);
	assert_int_equal(plan.n, 2 + 2);
	case_id(&plan.cases[0], id, sizeof(id));
	assert_null(strstr(id, "direction"));
	case_id(&plan.cases[1], id, sizeof(id));
	assert_non_null(strstr(id, ",direction=both"));
	plan_free(&plan);
}

static void an_id_names_the_axes_that_matter(void **state)
{
	struct bench_case c = { .params = { .size = 4096,
					    .dst_node = 1,
					    .cache = CACHE_COLD,
					    .offset = 5,
					    .chunk = 1 << 20,
					    .depth = 8,
					    .wait = WAIT_POLL,
					    .engine = "ioatdma" } };
	char id[512];

	(void)state;
	c.path = path_find("pinned");
	case_id(&c, id, sizeof(id));
	assert_string_equal(id,
			    "pinned:size=4096,cpu_node=0,src_node=0,dst_node=1,pages=4K,cache=cold,"
			    "offset=5,engine=ioatdma,depth=8,chunk=1048576,wait=poll");
	c.path = path_find("cow-private");
	case_id(&c, id, sizeof(id));
	assert_string_equal(id, "cow-private:size=4096,cpu_node=0,src_node=0,dst_node=1,share=0");
	c.path = path_find("nt");
	c.params.vector = 256;
	c.params.prefetch = 512;
	case_id(&c, id, sizeof(id));
	assert_string_equal(id, "nt:size=4096,cpu_node=0,src_node=0,dst_node=1,pages=4K,cache=cold,"
				"offset=5,vector=256,prefetch=512");
	c.params.use = USE_WRITE_READ;
	case_id(&c, id, sizeof(id));
	assert_string_equal(id, "nt:size=4096,cpu_node=0,src_node=0,dst_node=1,pages=4K,cache=cold,"
				"offset=5,vector=256,prefetch=512,use=write+read");
	c.path = path_find("cow-private");
	case_id(&c, id, 12);
	assert_string_equal(id, "cow-private");
}

static void shuffles_are_permutations_and_vary(void **state)
{
	size_t first[50], order[50], same = 0;
	uint64_t rng = 1;

	(void)state;
	rng_shuffle(first, 50, &rng);
	for (int round = 0; round < 20; round++) {
		bool seen[50] = { false };

		rng_shuffle(order, 50, &rng);
		for (size_t i = 0; i < 50; i++) {
			assert_true(order[i] < 50);
			assert_false(seen[order[i]]);
			seen[order[i]] = true;
		}
		same += !memcmp(order, first, sizeof(order));
	}
	assert_int_equal(same, 0);
}

/* Each of 4 things at each of 4 places about equally often: expected 1000, sd 27. */
static void shuffles_are_fair(void **state)
{
	size_t order[4], at[4][4] = { { 0 } };
	uint64_t rng = 7;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		rng_shuffle(order, 4, &rng);
		for (size_t i = 0; i < 4; i++)
			at[i][order[i]]++;
	}
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			assert_in_range(at[i][j], 860, 1140);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_axes_that_matter_multiply),
		cmocka_unit_test(what_the_cpu_does_with_the_bytes_is_an_axis_of_all),
		cmocka_unit_test(both_directions_are_a_case_of_their_own),
		cmocka_unit_test(an_id_names_the_axes_that_matter),
		cmocka_unit_test(shuffles_are_permutations_and_vary),
		cmocka_unit_test(shuffles_are_fair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Other ways than to copy: right at any share and in any pages. */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "not_copying.h"

#include <errno.h>

static void is_right(const char *name, const struct case_params *p)
{
	const struct copy_path *path = path_find(name);

	if (!usable(path, p))
		return;
	measure_path(path, p);
	/* Pages of that kind, or a pipe of that size, may not be there to be had. */
	if (r.status == LAUNCH_SKIPPED &&
	    (p->pages != PAGES_4K || strstr(r.reason, "a pipe for"))) {
		print_message("%s: %s\n", name, r.reason);
		return;
	}
	if (r.status != LAUNCH_OK)
		fail_msg("%s, %zu bytes, share %u: %s", name, (size_t)p->size, p->share, r.reason);
	assert_true(r.verified_bytes >= p->size);
}

static void moves_hold_whatever_share_is_written(void **state)
{
	static const uint64_t sizes[] = { 4096, 40960, 1 << 20, 6 << 20 };

	(void)state;
	for (size_t i = 0; i < COUNT(moves); i++)
		for (size_t s = 0; s < COUNT(sizes); s++)
			for (unsigned int share = 0; share <= 100; share += 50) {
				struct case_params p = { .size = sizes[s], .share = share };

				is_right(moves[i], &p);
			}
}

/* 5 MiB: two huge pages, and a rest in ordinary ones. */
static void huge_pages_are_moved_too(void **state)
{
	struct case_params p = { .size = 5 << 20, .share = 50, .pages = PAGES_THP };

	(void)state;
	is_right("uffd-move", &p);
}

static void what_a_move_cant_do_is_said(void **state)
{
	struct case_params part = { .size = 5000 }, nodes = { .size = 4096, .dst_node = 1 };
	struct case_params pool = { .size = 4096, .pages = PAGES_2M };
	char why[160];

	(void)state;
	for (size_t i = 0; i < COUNT(moves); i++) {
		const struct copy_path *path = path_find(moves[i]);

		assert_int_equal(path->probe(&part, why, sizeof(why)), -EINVAL);
		assert_non_null(strstr(why, "multiple of"));
		assert_int_equal(path->probe(&nodes, why, sizeof(why)), -EINVAL);
		assert_non_null(strstr(why, "stay on their node"));
	}
	assert_int_equal(path_find("uffd-move")->probe(&pool, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "hugetlb"));
}

static void views_show_the_same_bytes(void **state)
{
	static const uint64_t sizes[] = { 1, 4096, 70001, 3 << 20 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (unsigned int share = 0; share <= 100; share += 50)
			for (int pages = PAGES_4K; pages <= PAGES_2M; pages++) {
				struct case_params p = { .size = sizes[s], .share = share };

				p.pages = (enum page_kind)pages;
				is_right("shared", &p);
			}
}

static void another_process_is_read_at_any_offset(void **state)
{
	static const uint64_t sizes[] = { 1, 4096, 70001, 3 << 20 };
	static const uint32_t offsets[] = { 0, 1, 4095 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (size_t o = 0; o < COUNT(offsets); o++)
			for (int pages = PAGES_4K; pages <= PAGES_2M; pages++) {
				struct case_params p = { .size = sizes[s], .offset = offsets[o] };

				p.pages = (enum page_kind)pages;
				is_right("process-vm", &p);
			}
}

static void what_is_handed_over_is_the_source(void **state)
{
	static const uint64_t sizes[] = { 1, 4096, 70001, 1 << 20 };
	static const uint32_t offsets[] = { 0, 1, 4095 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (size_t o = 0; o < COUNT(offsets); o++) {
			struct case_params p = { .size = sizes[s], .offset = offsets[o] };

			is_right("splice", &p);
		}
}

/* On a machine with two nodes: in the guest. */
static void pages_are_moved_to_another_node(void **state)
{
	static const uint64_t sizes[] = { 4096, 40960, 4 << 20 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++) {
		struct case_params p = { .size = sizes[s] };

		is_right("migrate", &p);
	}
	for (int pages = PAGES_THP; pages <= PAGES_2M; pages++) {
		struct case_params p = { .size = 4 << 20, .pages = (enum page_kind)pages };

		is_right("migrate", &p);
	}
}

static void what_cant_be_handed_over_is_said(void **state)
{
	struct case_params same = { .size = 4096 }, apart = { .size = 4096, .dst_node = 1 };
	struct case_params part = { .size = 5000, .dst_node = 1 };
	char why[160];

	(void)state;
	assert_int_equal(path_find("migrate")->probe(&same, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, node_only() < 0 ? "--dst-node" : "needs two NUMA nodes"));
	assert_int_equal(path_find("migrate")->probe(&part, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "multiple of"));
	assert_int_equal(path_find("splice")->probe(&apart, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "on its node"));
	assert_int_equal(path_find("shared")->probe(&apart, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "on one node"));
}

static long faults(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_THREAD, &usage), 0);
	return usage.ru_minflt;
}

/* A snapshot's pages are written, not read first: that is one fault of a program that stores. */
static void a_written_page_is_one_fault(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = 800;
	const struct copy_path *path = path_find("cow-private");
	struct copy_ctx ctx = { .params = { .size = pages * page, .share = 2 } };
	struct copy_pair pair = { 0 };
	long before;

	(void)state;
	ctx.params.cpu_node = ctx.params.src_node = ctx.params.dst_node = node_here();
	pair.src = calloc(pages, page);
	ctx.pairs = &pair;
	ctx.src = pair.src;
	assert_non_null(pair.src);
	assert_int_equal(path->setup(&ctx), 0);
	assert_int_equal(path->push(&ctx), 0);
	assert_int_equal(path->submit(&ctx), 0);
	before = faults();
	assert_int_equal(path->submit(&ctx), 0);
	/* 16 of them; others' few, as of a migrated page, don't hide as many again. */
	assert_in_range(faults() - before, 16, 24);
	path->teardown(&ctx);
	free(pair.src);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_hold_whatever_share_is_written),
		cmocka_unit_test(huge_pages_are_moved_too),
		cmocka_unit_test(what_a_move_cant_do_is_said),
		cmocka_unit_test(views_show_the_same_bytes),
		cmocka_unit_test(another_process_is_read_at_any_offset),
		cmocka_unit_test(what_is_handed_over_is_the_source),
		cmocka_unit_test(pages_are_moved_to_another_node),
		cmocka_unit_test(what_cant_be_handed_over_is_said),
		cmocka_unit_test(a_written_page_is_one_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

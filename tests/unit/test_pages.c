// SPDX-License-Identifier: GPL-2.0-only
/* In what pages does a buffer lie? Never more in huge ones than the kernel says for certain. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory/region.h"

#define M (1ul << 20)

/* Three mappings: 4M with 2M in a huge page, 4M all huge, 4M of a 2M hugetlb pool. */
static const char smaps[] = "40000000-40400000 rw-p 00000000 00:00 0\n"
			    "Size:               4096 kB\nKernelPageSize:        4 kB\n"
			    "AnonHugePages:      2048 kB\nShmemPmdMapped:        0 kB\n"
			    "40400000-40800000 rw-p 00000000 00:00 0\n"
			    "KernelPageSize:        4 kB\nAnonHugePages:      4096 kB\n"
			    "40800000-40c00000 rw-p 00000000 00:0f 12 /anon_hugepage (deleted)\n"
			    "KernelPageSize:     2048 kB\nAnonHugePages:         0 kB\n";

static struct pages_obtained look(uintptr_t start, size_t size)
{
	FILE *f = fmemopen((void *)smaps, sizeof(smaps) - 1, "r");
	struct pages_obtained found;

	assert_non_null(f);
	pages_parse(f, start, size, &found);
	fclose(f);
	return found;
}

static void only_what_is_certain_counts_as_huge(void **state)
{
	struct pages_obtained p = look(0x40000000, 4 * M);

	(void)state;
	assert_int_equal(p.thp, 2 * M);
	assert_int_equal(p.base, 2 * M);
	/* Which half of the mapping is huge isn't said: here it might be the other one. */
	p = look(0x40000000, 2 * M);
	assert_int_equal(p.thp, 0);
	assert_int_equal(p.base, 2 * M);
	p = look(0x40400000, 65536);
	assert_int_equal(p.thp, 65536);
	assert_int_equal(p.base, 0);
}

static void hugetlb_pages_have_their_size(void **state)
{
	struct pages_obtained p = look(0x40800000 + 4096, 3 * M);

	(void)state;
	assert_int_equal(p.hugetlb, 3 * M);
	assert_int_equal(p.hugetlb_page, 2 * M);
	assert_int_equal(p.thp + p.base, 0);
}

static void a_range_across_mappings_is_all_counted(void **state)
{
	struct pages_obtained p = look(0x40000000, 12 * M);

	(void)state;
	assert_int_equal(p.base, 2 * M);
	assert_int_equal(p.thp, 6 * M);
	assert_int_equal(p.hugetlb, 4 * M);
	p = look(0x50000000, 4 * M);
	assert_int_equal(p.base + p.thp + p.hugetlb, 0);
}

static void small_pages_are_never_huge(void **state)
{
	struct region r = { 0 };
	struct placement where;
	char why[160];

	(void)state;
	assert_int_equal(region_create(&r, 4 * M + 1, 3, PAGES_4K, node_memory_near(node_here()),
				       why, sizeof(why)),
			 0);
	assert_int_equal(region_placement(&r, &where), 0);
	if (where.sizes_known) {
		assert_int_equal(where.sizes.base, 4 * M + (size_t)sysconf(_SC_PAGESIZE));
		assert_int_equal(where.sizes.thp + where.sizes.hugetlb, 0);
	}
	region_destroy(&r);
}

/* Asked for by itself: a guard in small pages must not make the buffer's share smaller. */
static void huge_pages_are_those_of_the_buffer(void **state)
{
	struct region r = { 0 };
	struct placement where;
	char why[160];
	size_t had;

	(void)state;
	if (region_create(&r, 2 * page_bytes(PAGES_THP), 0, PAGES_THP,
			  node_memory_near(node_here()), why, sizeof(why))) {
		assert_non_null(strstr(why, "transparent huge pages"));
		skip();
	}
	assert_int_equal((uintptr_t)r.data % page_bytes(PAGES_THP), 0);
	assert_int_equal(region_placement(&r, &where), 0);
	assert_int_equal(where.sizes.thp + where.sizes.base, r.size);
	assert_true(where.sizes.thp >= r.size / 2);
	/* The guard in front loses its page: nothing of the buffer's. */
	had = where.sizes.thp;
	assert_int_equal(madvise(r.map, page_bytes(PAGES_THP), MADV_DONTNEED), 0);
	assert_int_equal(pages_look(r.data, r.size, &where.sizes), 0);
	assert_int_equal(where.sizes.thp, had);
	/* Split one page: the share must show it. */
	assert_int_equal(munmap(r.data + page_bytes(PAGES_THP), (size_t)sysconf(_SC_PAGESIZE)), 0);
	assert_int_equal(pages_look(r.data, r.size, &where.sizes), 0);
	assert_true(where.sizes.thp <= page_bytes(PAGES_THP));
	region_destroy(&r);
}

static void a_pool_that_lacks_pages_says_where_to_raise_it(void **state)
{
	char why[160];

	(void)state;
	pages_explain_pool(PAGES_2M, (size_t)1 << 62, node_here(), why, sizeof(why));
	assert_non_null(strstr(why, "huge pages of 2M"));
	if (!strstr(why, "this machine has no"))
		assert_non_null(strstr(why, "nr_hugepages"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_certain_counts_as_huge),
		cmocka_unit_test(hugetlb_pages_have_their_size),
		cmocka_unit_test(a_range_across_mappings_is_all_counted),
		cmocka_unit_test(small_pages_are_never_huge),
		cmocka_unit_test(huge_pages_are_those_of_the_buffer),
		cmocka_unit_test(a_pool_that_lacks_pages_says_where_to_raise_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Every copy kernel moves exactly the bytes asked, wherever they start, and touches no other. */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"
#include "copies/choose.h"
#include "kernel_path.h"
#include "pattern.h"
#include "rng.h"

#define OFFSETS 65
#define LENGTHS 1101
#define GUARD 128
#define UNTOUCHED 0x5a

static uint8_t source[OFFSETS + LENGTHS] __attribute__((aligned(64)));
static uint8_t target[GUARD + OFFSETS + LENGTHS + GUARD] __attribute__((aligned(64)));
static uint8_t untouched[GUARD];

static void fill_source(void)
{
	pattern_fill(source, sizeof(source), 9, 0, PATTERN_PLAIN);
	memset(untouched, UNTOUCHED, sizeof(untouched));
}

static void copy_exactly(const struct copier *c, size_t to, size_t from, size_t size)
{
	uint8_t *dst = target + GUARD + to;
	char name[COPY_VARIANT_LEN];

	memset(dst - GUARD, UNTOUCHED, size + 2 * GUARD);
	copier_run(c, dst, source + from, size);
	if (!memcmp(dst, source + from, size) && !memcmp(dst - GUARD, untouched, GUARD) &&
	    !memcmp(dst + size, untouched, GUARD))
		return;
	copier_name(c, name, sizeof(name));
	fail_msg("%s: %zu bytes to offset %zu from offset %zu", name, size, to, from);
}

static void each_copier(void (*check)(const struct copier *c))
{
	static const size_t aheads[] = { 0, 1, 256, 1000 };

	for (size_t i = 0; i < copy_kernels_count; i++)
		for (size_t a = 0; a < sizeof(aheads) / sizeof(aheads[0]); a++) {
			struct copier c = { &copy_kernels[i], aheads[a] };

			if (!copy_kernel_usable(c.kernel) ||
			    (c.ahead && c.kernel->family != COPY_NT))
				continue;
			check(&c);
		}
}

static void try_lengths(const struct copier *c)
{
	static const size_t from[] = { 0, 1, 32 };

	for (size_t to = 0; to < OFFSETS; to++)
		for (size_t f = 0; f < sizeof(from) / sizeof(from[0]); f++)
			for (size_t size = 0; size < LENGTHS; size++)
				copy_exactly(c, to, from[f], size);
}

static void exact_at_every_length_and_offset_of_the_destination(void **state)
{
	(void)state;
	fill_source();
	each_copier(try_lengths);
}

static void try_offsets(const struct copier *c)
{
	static const size_t sizes[] = { 0,   1,	  15,  16,  63,	 64,  65,   127,
					128, 255, 256, 257, 319, 320, 1024, 1100 };

	for (size_t to = 0; to < OFFSETS; to++)
		for (size_t from = 0; from < OFFSETS; from++)
			for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
				copy_exactly(c, to, from, sizes[s]);
}

static void exact_at_any_two_offsets(void **state)
{
	(void)state;
	fill_source();
	each_copier(try_offsets);
}

/* Pages of which the first and the last can't be touched at all. */
static uint8_t *fenced_pages(size_t pages, size_t page)
{
	uint8_t *map =
		mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map + page, pages * page, PROT_READ | PROT_WRITE), 0);
	return map + page;
}

static uint8_t *fenced_src, *fenced_dst;
static size_t fenced_bytes;

static void copy_between_fences(const struct copier *c, size_t size, bool at_end)
{
	size_t shift = at_end ? fenced_bytes - size : 0;
	size_t rest = fenced_bytes - size;

	memset(fenced_dst, UNTOUCHED, fenced_bytes);
	copier_run(c, fenced_dst + shift, fenced_src + shift, size);
	assert_true(pattern_check(fenced_dst + shift, size, 9, shift, PATTERN_PLAIN) < 0);
	for (size_t i = 0; i < rest; i++)
		assert_int_equal(fenced_dst[at_end ? i : size + i], UNTOUCHED);
}

static void try_fences(const struct copier *c)
{
	static const size_t sizes[] = { 1, 64, 2048, 4095, 4096, 4097, 8191, 8192, 8193, 12288 };

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (int at_end = 0; at_end < 2; at_end++)
			copy_between_fences(c, sizes[s], at_end);
}

static void nothing_is_read_or_written_beyond_the_pages(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (12288 + page - 1) / page;

	(void)state;
	fenced_bytes = pages * page;
	fenced_src = fenced_pages(pages, page);
	fenced_dst = fenced_pages(pages, page);
	pattern_fill(fenced_src, fenced_bytes, 9, 0, PATTERN_PLAIN);
	each_copier(try_fences);
	munmap(fenced_src - page, (pages + 2) * page);
	munmap(fenced_dst - page, (pages + 2) * page);
}

static void width_0_is_the_widest_and_others_are_themselves(void **state)
{
	const struct copy_kernel *widest = copy_kernel_find(COPY_NT, 0);
	struct case_params p = { .vector = 1024 };
	char why[160];

	(void)state;
	assert_non_null(widest);
	for (size_t i = 0; i < copy_kernels_count; i++) {
		const struct copy_kernel *k = &copy_kernels[i];

		if (k->family == COPY_NT && copy_kernel_usable(k))
			assert_true(k->bits <= widest->bits);
		if (copy_kernel_usable(k))
			assert_ptr_equal(copy_kernel_find(k->family, k->bits), k);
	}
	assert_int_equal(kernel_path_probe(COPY_NT, &p, why, sizeof(why)), -EOPNOTSUPP);
	assert_non_null(strstr(why, "1024 bits"));
}

static void names_tell_how_far_ahead(void **state)
{
	struct copier c = { copy_kernel_find(COPY_NT, 128), 0 };
	char name[COPY_VARIANT_LEN];

	(void)state;
	copier_name(&c, name, sizeof(name));
	assert_string_equal(name, "nt128");
	c.ahead = 4096;
	copier_name(&c, name, sizeof(name));
	assert_string_equal(name, "nt128+4096");
}

/* A contest in which one copier takes no time and the others wait. */
struct rigged {
	struct copier favourite;
	bool seen[16][CHOOSE_AHEADS];
	uint64_t runs;
	unsigned int evictions, cold_runs;
	bool evicted;
};

static void take_ns(uint64_t ns)
{
	uint64_t start = now_ns();

	while (now_ns() - start < ns)
		;
}

static void rigged_run(void *arg, const struct copier *c, uint64_t n)
{
	struct rigged *r = arg;

	for (size_t a = 0; a < CHOOSE_AHEADS; a++)
		if (choose_aheads[a] == c->ahead)
			r->seen[c->kernel - copy_kernels][a] = true;
	r->runs += n;
	r->cold_runs += r->evicted;
	r->evicted = false;
	if (c->kernel != r->favourite.kernel || c->ahead != r->favourite.ahead)
		take_ns(n * 100000);
}

static void rigged_evict(void *arg)
{
	struct rigged *r = arg;

	r->evictions++;
	r->evicted = true;
}

static void the_fastest_wins_and_all_were_tried(void **state)
{
	struct rigged r = { .favourite = { copy_kernel_find(COPY_NT, 128), 1024 } };
	struct contest contest = { .run = rigged_run, .arg = &r, .size = 8 << 20, .seed = 5 };
	struct copier winner;

	(void)state;
	for (int cold = 0; cold < 2; cold++) {
		r.runs = 0;
		contest.before = cold ? rigged_evict : NULL;
		choose_copier(&contest, &winner);
		assert_ptr_equal(winner.kernel, r.favourite.kernel);
		assert_int_equal(winner.ahead, r.favourite.ahead);
	}
	for (size_t i = 0; i < copy_kernels_count; i++)
		for (size_t a = 0; a < CHOOSE_AHEADS; a++)
			assert_int_equal(r.seen[i][a],
					 copy_kernel_usable(&copy_kernels[i]) &&
						 (!a || copy_kernels[i].family == COPY_NT));
	assert_true(r.evictions > 0);
	assert_int_equal(r.cold_runs, r.evictions);
	/* At a byte per ns, and cold, what it was to cost is a number of operations. */
	assert_true(choose_cost_ns(contest.size, true, 1) == (double)r.runs * (double)contest.size);
}

/* Caches that are to be had back after each copy that wrote past them; times in ns. */
struct caches {
	unsigned int operations, back; /* until they are; since the last copy past them */
	uint64_t past, until, movsb, other;
};

static uint64_t caches_take(struct caches *caches, enum copy_family family)
{
	if (family == COPY_NT) {
		caches->back = 0;
		return caches->past;
	}
	if (++caches->back < caches->operations)
		return caches->until;
	return family == COPY_MOVSB ? caches->movsb : caches->other;
}

static void caches_run(void *arg, const struct copier *c, uint64_t n)
{
	while (n--)
		take_ns(caches_take(arg, c->kernel->family));
}

static void movsb_always_wins(struct contest contest, uint64_t seeds)
{
	struct copier winner;

	if (!copy_kernel_find(COPY_MOVSB, 0))
		skip();
	for (contest.seed = 1; contest.seed <= seeds; contest.seed++) {
		choose_copier(&contest, &winner);
		assert_int_equal(winner.kernel->family, COPY_MOVSB);
	}
}

static void caches_are_filled_again_before_they_count(void **state)
{
	struct caches caches = { 8, 0, 40000, 80000, 20000, 30000 };

	(void)state;
	movsb_always_wins((struct contest){ .run = caches_run, .arg = &caches, .size = 8 << 20 },
			  5);
}

/* They grow back while other guests use them too: over many operations, and then they are worth it. */
static void caches_that_grow_back_slowly_count_too(void **state)
{
	struct caches caches = { 30, 0, 300000, 350000, 200000, 230000 };

	(void)state;
	movsb_always_wins((struct contest){ .run = caches_run, .arg = &caches, .size = 8 << 20 },
			  3);
}

/*
 * Other guests of the host slow down all that goes on for a while: what is compared was tried
 * in the same while.
 */
static const struct copy_kernel *tried;
static unsigned int trials;

static void slow_phases_run(void *arg, const struct copier *c, uint64_t n)
{
	static const uint64_t slower[] = { 1, 3, 1, 2, 4, 2, 1 };
	const size_t phase = trials / 10 % (sizeof(slower) / sizeof(slower[0]));

	(void)arg;
	if (c->kernel != tried)
		trials++;
	tried = c->kernel;
	take_ns(n * (c->kernel->family == COPY_MOVSB ? 20000 : 23000) * slower[phase]);
}

static void slow_phases_dont_choose(void **state)
{
	(void)state;
	movsb_always_wins((struct contest){ .run = slow_phases_run, .size = 8 << 20 }, 10);
}

/* Threads that are far ahead of each other: meeting takes longer than some small copies. */
static void ahead_run(void *arg, const struct copier *c, uint64_t n)
{
	(void)arg;
	take_ns(n * (c->kernel->family == COPY_MOVSB ? 300 : 360));
}

static void ahead_meet(void *arg)
{
	take_ns(rng_below(arg, 5000));
}

static void meeting_doesnt_choose(void **state)
{
	uint64_t rng = 1;

	(void)state;
	movsb_always_wins(
		(struct contest){
			.run = ahead_run, .finish = ahead_meet, .arg = &rng, .size = 64 << 10 },
		10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_at_every_length_and_offset_of_the_destination),
		cmocka_unit_test(exact_at_any_two_offsets),
		cmocka_unit_test(nothing_is_read_or_written_beyond_the_pages),
		cmocka_unit_test(width_0_is_the_widest_and_others_are_themselves),
		cmocka_unit_test(names_tell_how_far_ahead),
		cmocka_unit_test(the_fastest_wins_and_all_were_tried),
		cmocka_unit_test(caches_are_filled_again_before_they_count),
		cmocka_unit_test(caches_that_grow_back_slowly_count_too),
		cmocka_unit_test(slow_phases_dont_choose),
		cmocka_unit_test(meeting_doesnt_choose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

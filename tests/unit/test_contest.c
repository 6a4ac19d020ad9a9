// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which copy is chosen: the fastest, whatever disturbs the trials. The copies are made up, as the times
 * are: what this machine's can do changes nothing.
 */
#include "unit.h"

#include <string.h>

#include "copies/choose.h"
#include "statistics/rng.h"

static bool is_missing(void)
{
	return false;
}

static void never_called(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)dst, (void)src, (void)size, (void)ahead;
	fail();
}

enum { LIBC, MOVSB, MOVSQ, VECTOR128, VECTOR256, VECTOR512, NT128, NT256, NT512, KERNELS };

static const struct copy_kernel kernels[KERNELS] = {
	[LIBC] = { "libc", "", COPY_LIBC, 0, NULL, never_called, NULL },
	[MOVSB] = { "movsb", "", COPY_MOVSB, 0, NULL, never_called, NULL },
	[MOVSQ] = { "movsq", "", COPY_MOVSQ, 0, NULL, never_called, NULL },
	[VECTOR128] = { "vector128", "", COPY_VECTOR, 128, NULL, never_called, never_called },
	[VECTOR256] = { "vector256", "", COPY_VECTOR, 256, NULL, never_called, never_called },
	[VECTOR512] = { "vector512", "", COPY_VECTOR, 512, is_missing, never_called, never_called },
	[NT128] = { "nt128", "", COPY_NT, 128, NULL, never_called, NULL },
	[NT256] = { "nt256", "", COPY_NT, 256, NULL, never_called, NULL },
	[NT512] = { "nt512", "", COPY_NT, 512, is_missing, never_called, NULL },
};

static const struct copy_table table = { kernels, KERNELS };

/* A contest in which one copier takes a tenth of the time that the others do. */
struct rigged {
	struct copier favourite;
	bool seen[KERNELS][CHOOSE_AHEADS][2]; /* by kernel, distance, and whether it was apart */
	uint64_t runs;
	unsigned int evictions, cold_runs;
	bool evicted;
};

/* Time goes on only where a copy takes some, so that what else the machine does changes nothing. */
static uint64_t now;

static uint64_t tell_time(void)
{
	return now;
}

static void take_ns(uint64_t ns)
{
	now += ns;
}

static void rigged_run(void *arg, const struct copier *c, uint64_t n)
{
	struct rigged *r = arg;

	for (size_t a = 0; a < CHOOSE_AHEADS; a++)
		if (choose_aheads[a] == c->ahead)
			r->seen[c->kernel - kernels][a][c->apart] = true;
	r->runs += n;
	r->cold_runs += r->evicted;
	r->evicted = false;
	take_ns(n * (c->kernel == r->favourite.kernel && c->ahead == r->favourite.ahead &&
				     c->apart == r->favourite.apart
			     ? 10000
			     : 100000));
}

static void rigged_evict(void *arg)
{
	struct rigged *r = arg;

	r->evictions++;
	r->evicted = true;
}

/* Tried or not as it's meant to be: only what is here, ahead only past the caches, apart if asked. */
static void check_seen(const struct rigged *r, size_t i, size_t a, bool apart)
{
	const struct copy_kernel *k = &kernels[i];
	bool usable = !k->supported;

	assert_int_equal(r->seen[i][a][0], usable && (!a || k->family == COPY_NT));
	assert_int_equal(r->seen[i][a][1], usable && !a && apart && k->copy_down);
}

static void the_fastest_wins_and_all_were_tried(void **state)
{
	struct rigged r = { .favourite = { &kernels[NT128], 1024, false } };
	struct contest contest = { .table = &table,
				   .run = rigged_run,
				   .arg = &r,
				   .now = tell_time,
				   .size = 8 << 20,
				   .seed = 5 };
	struct copier winner;

	(void)state;
	for (int cold = 0; cold < 2; cold++) {
		r.runs = 0;
		contest.before = cold ? rigged_evict : NULL;
		choose_copier(&contest, &winner);
		assert_ptr_equal(winner.kernel, r.favourite.kernel);
		assert_int_equal(winner.ahead, r.favourite.ahead);
	}
	for (size_t i = 0; i < KERNELS; i++)
		for (size_t a = 0; a < CHOOSE_AHEADS; a++)
			check_seen(&r, i, a, false);
	assert_true(r.evictions > 0);
	assert_int_equal(r.cold_runs, r.evictions);
	/* At a byte per ns, and cold, what it was to cost is a number of operations. */
	assert_true(choose_cost_ns(&table, contest.size, true, false, 1) ==
		    (double)r.runs * (double)contest.size);
}

/* Several threads: each copy that can also go downwards is tried once more, away from where parts meet. */
static void apart_wins_where_it_is_faster(void **state)
{
	struct rigged r = { .favourite = { &kernels[VECTOR256], 0, true } };
	struct contest contest = { .table = &table,
				   .run = rigged_run,
				   .before = rigged_evict,
				   .arg = &r,
				   .now = tell_time,
				   .apart = true,
				   .size = 8 << 20 };
	struct copier winner;

	(void)state;
	choose_copier(&contest, &winner);
	assert_ptr_equal(winner.kernel, r.favourite.kernel);
	assert_true(winner.apart);
	for (size_t i = 0; i < KERNELS; i++)
		for (size_t a = 0; a < CHOOSE_AHEADS; a++)
			check_seen(&r, i, a, true);
	assert_true(choose_cost_ns(&table, contest.size, true, true, 1) ==
		    (double)r.runs * (double)contest.size);
}

/* Together or apart, one kernel is fastest: this many times as fast apart. */
struct tie {
	const struct copy_kernel *fastest;
	double apart;
	uint64_t rng;
};

static void tie_run(void *arg, const struct copier *c, uint64_t n)
{
	struct tie *tie = arg;
	double ns = c->kernel == tie->fastest ? 10000 : 11500;

	if (c->apart)
		ns /= tie->apart;
	/* By up to 2 % more or less. */
	take_ns((uint64_t)((double)n * ns * (0.98 + 1e-6 * (double)rng_below(&tie->rng, 40000))));
}

static unsigned int wins_apart(double apart, unsigned int seeds)
{
	struct tie tie = { &kernels[VECTOR256], apart, 7 };
	struct contest contest = { .table = &table,
				   .run = tie_run,
				   .arg = &tie,
				   .now = tell_time,
				   .apart = true,
				   .size = 16 << 10 };
	struct copier winner;
	unsigned int wins = 0;

	for (contest.seed = 1; contest.seed <= seeds; contest.seed++) {
		choose_copier(&contest, &winner);
		assert_ptr_equal(winner.kernel, tie.fastest);
		wins += winner.apart;
	}
	return wins;
}

/* CPUs that are far from each other a moment later make up for it; but it must not cost much. */
static void a_tie_goes_apart(void **state)
{
	(void)state;
	assert_int_equal(wins_apart(1, 100), 100);
	assert_int_equal(wins_apart(0.93, 100), 0);
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

	contest.table = &table;
	contest.now = tell_time;
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
			  100);
}

/* They grow back while other guests use them too: over many operations, and then they are worth it. */
static void caches_that_grow_back_slowly_count_too(void **state)
{
	struct caches caches = { 30, 0, 300000, 350000, 200000, 230000 };

	(void)state;
	movsb_always_wins((struct contest){ .run = caches_run, .arg = &caches, .size = 8 << 20 },
			  100);
}

/*
 * Other guests of the host slow down all that goes on for a while: what is compared was tried
 * in the same while. How long that is is told in rounds.
 */
static const struct copy_kernel *tried;
static unsigned int trials, phase_trials;

static void slow_phases_run(void *arg, const struct copier *c, uint64_t n)
{
	static const uint64_t slower[] = { 1, 3, 1, 2, 4, 2, 1 };
	const size_t phase = trials / phase_trials % (sizeof(slower) / sizeof(slower[0]));

	(void)arg;
	if (c->kernel != tried)
		trials++;
	tried = c->kernel;
	take_ns(n * (c->kernel->family == COPY_MOVSB ? 20000 : 23000) * slower[phase]);
}

static void slow_phases_dont_choose(void **state)
{
	(void)state;
	phase_trials = 2 * KERNELS;
	movsb_always_wins((struct contest){ .run = slow_phases_run, .size = 8 << 20 }, 100);
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
		100);
}

/* Quick, until other work comes; one copy is ten times as fast all the time. */
struct busy {
	struct copier favourite;
	uint64_t busy_from, enough;
	uint64_t begun_late; /* operations, when there was enough */
};

static void busy_run(void *arg, const struct copier *c, uint64_t n)
{
	struct busy *b = arg;
	const uint64_t share = c->kernel == b->favourite.kernel ? 1 : 10;

	if (now >= b->enough)
		b->begun_late += n;
	for (uint64_t i = 0; i < n; i++)
		take_ns(share * (now < b->busy_from ? 1000 : 5000000));
}

/* A round is one operation that isn't timed and one that is, of each copy that is still in. */
static uint64_t most_when_late(void)
{
	const uint64_t copies = KERNELS * CHOOSE_AHEADS;

	return 2 * (2 * copies + 16);
}

static void what_is_known_must_do(uint64_t busy_after, uint64_t enough_after)
{
	struct busy b = { .favourite = { &kernels[LIBC], 0, false },
			  .busy_from = now + busy_after,
			  .enough = now + enough_after };
	struct contest contest = { .table = &table,
				   .run = busy_run,
				   .arg = &b,
				   .now = tell_time,
				   .enough = b.enough,
				   .size = 64 << 10 };
	struct copier winner;

	for (contest.seed = 1; contest.seed <= 20; contest.seed++) {
		b.begun_late = 0;
		choose_copier(&contest, &winner);
		assert_in_range(b.begun_late, 0, most_when_late());
		/* Where one trial of each was both before and after, luck chooses; then it's busy for all. */
		if (!busy_after || contest.seed > 1)
			assert_ptr_equal(winner.kernel, b.favourite.kernel);
	}
}

static void a_busy_machine_ends_it(void **state)
{
	static const uint64_t ms = 1000000;

	(void)state;
	/* From the beginning, in its midst, and when it has had its time before it began. */
	what_is_known_must_do(0, 1000 * ms);
	for (uint64_t after = 1; after < 300; after += 7)
		what_is_known_must_do(after * ms, after * ms + 1000 * ms);
	what_is_known_must_do(0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fastest_wins_and_all_were_tried),
		cmocka_unit_test(apart_wins_where_it_is_faster),
		cmocka_unit_test(a_tie_goes_apart),
		cmocka_unit_test(caches_are_filled_again_before_they_count),
		cmocka_unit_test(caches_that_grow_back_slowly_count_too),
		cmocka_unit_test(slow_phases_dont_choose),
		cmocka_unit_test(meeting_doesnt_choose),
		cmocka_unit_test(a_busy_machine_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

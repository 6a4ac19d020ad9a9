// SPDX-License-Identifier: GPL-2.0-only
#include "choose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/rng.h"
#include "statistics/stats.h"

/*
 * So long at least an operation is tried, after as long that isn't timed: threads that are far
 * ahead of each other, as they may be with a queue, take some microseconds to meet at the end.
 */
#define TRIAL_NS 100e3
/* Trials of each that is still in, in a round. */
#define MOST_TRIALS 8
#define LEAST_TRIALS 2
#define ROUND_BYTES (64u << 20) /* more trials than LEAST_TRIALS while they stay below this */

/*
 * Up to this size what the last copy left in a cache may matter to the next: then two in a
 * row are timed. Larger ones would only take twice as long.
 */
#define STEADY_BYTES (32u << 20)

/*
 * The last few are tried for as long as a sample takes: some start fast and slow down once the
 * caches are full of what they leave there.
 */
#define FINALISTS 2
#define FINAL_TRIALS 8
#define FINAL_NS 2e6

/*
 * Those that write past the caches and all others keep apart, and the best of either meet in the
 * end: after one of the former the latter have their lines back only after many operations, the
 * more so where other guests of the host want the last-level cache too (up to 100 ms at 16M).
 */
#define DUEL_TRIALS 5
#define DUEL_WARM_OPS 256
#define DUEL_WARM_NS 100e6

/*
 * Where parts meet, what isn't copied apart counts as so much slower in all stages but the last,
 * which is between other things. CPUs with a last-level cache between them copy either way as
 * fast, and luck would choose; to CPUs without, to which a hypervisor may move the threads a
 * moment later, it matters by a quarter.
 */
#define TOGETHER 1.04

#define MAX_CANDIDATES 64
#define MAX_TRIALS 64 /* MOST_TRIALS in each of the rounds that 64 candidates take */

const size_t choose_aheads[CHOOSE_AHEADS] = { 0, 512, 1024, 2048, 4096, 8192 };

struct candidate {
	struct copier copier;
	double ns[MAX_TRIALS];	    /* per operation */
	double against[MAX_TRIALS]; /* the mean of all that were tried at the same time, as 1 */
	size_t trials;
	double median_ns, median_against;
};

/* All that write past the caches, or all that don't, to the list's first room places. */
static size_t gather(const struct copy_table *table, struct candidate *list, size_t room, bool past,
		     bool apart)
{
	const size_t variants = past ? CHOOSE_AHEADS : 1;
	size_t n = 0;

	memset(list, 0, room * sizeof(*list));
	for (size_t i = 0; i < table->count; i++) {
		const struct copy_kernel *k = &table->kernels[i];

		if (!copy_kernel_usable(k) || (k->family == COPY_NT) != past)
			continue;
		for (size_t a = 0; a < variants && n < room; a++)
			list[n++].copier = (struct copier){ k, past ? choose_aheads[a] : 0, false };
		if (apart && k->copy_down && n < room)
			list[n++].copier = (struct copier){ k, 0, true };
	}
	return n;
}

enum stage { STAGE_ROUND, STAGE_FINAL, STAGE_DUEL };

/* How long a trial is: so many operations at least, and so many ns; and what goes before it. */
struct trial {
	uint64_t ops, warm_ops;
	double ns, warm_ns; /* until so many operations are done or so many ns over, ns at least */
};

static struct trial trial_of(size_t size, bool cold, enum copy_family family, enum stage stage)
{
	struct trial t = { .ops = 1, .warm_ops = 1 };

	if (cold)
		return t;
	t.ns = stage == STAGE_ROUND ? TRIAL_NS : FINAL_NS;
	if (size > STEADY_BYTES)
		return t;
	t.ops = 2;
	if (stage == STAGE_DUEL && family != COPY_NT) {
		t.warm_ops = DUEL_WARM_OPS;
		t.warm_ns = DUEL_WARM_NS;
	}
	return t;
}

/* What is known by now must do. */
static bool late(const struct contest *contest)
{
	return contest->enough && contest->now() >= contest->enough;
}

/*
 * Up to n operations by c, and ns that one of them took. How many was reckoned with a moment before,
 * and other work may have come since: the clock is looked at in between, which doesn't count.
 */
#define LOOKS 8

static double run_some(const struct contest *contest, const struct copier *c, uint64_t n)
{
	uint64_t start = contest->now(), ops = 0;

	do {
		uint64_t some = n / LOOKS + 1;

		if (some > n - ops)
			some = n - ops;
		contest->run(contest->arg, c, some);
		ops += some;
	} while (ops < n && !late(contest));
	if (contest->finish)
		contest->finish(contest->arg);
	return (double)(contest->now() - start) / (double)ops;
}

/* Returns about how many ns an operation takes in the end. */
static double warm_up(const struct contest *contest, const struct copier *c, const struct trial *t)
{
	uint64_t ops = 0, start = contest->now();
	double op_ns = 0, elapsed = 0;

	/* The clock is looked at after 1, 2, 4 … operations, so that it doesn't count. */
	while (!ops || (!late(contest) &&
			(elapsed < t->ns || (ops < t->warm_ops && elapsed < t->warm_ns)))) {
		uint64_t n = ops ? ops : 1;

		op_ns = run_some(contest, c, n);
		ops += n;
		elapsed = (double)(contest->now() - start);
	}
	return op_ns;
}

static void try_one(const struct contest *contest, struct candidate *c, enum stage stage)
{
	const struct trial t =
		trial_of(contest->size, contest->before, c->copier.kernel->family, stage);
	double op_ns = warm_up(contest, &c->copier, &t);
	uint64_t ops = op_ns > 0 ? (uint64_t)(t.ns / op_ns) + 1 : 1;

	if (contest->before)
		contest->before(contest->arg);
	c->ns[c->trials++] = run_some(contest, &c->copier, ops > t.ops ? ops : t.ops);
}

/*
 * A machine that others use too has slow whiles and quick ones, which are longer than a trial
 * and by more than what one copy is faster than another: those are compared that met in one.
 */
static void compare_trial(struct candidate *list, size_t n)
{
	double mean = 0;

	for (size_t i = 0; i < n; i++)
		mean += list[i].ns[list[i].trials - 1] / (double)n;
	for (size_t i = 0; i < n; i++)
		list[i].against[list[i].trials - 1] = list[i].ns[list[i].trials - 1] / mean;
}

/* The lower median: of an even number the smaller of the two in the middle. */
static double lower_median(double *values, size_t n)
{
	stats_sort(values, n);
	return values[(n - 1) / 2];
}

static int by_time(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return (x->median_against > y->median_against) - (x->median_against < y->median_against);
}

static double handicap(const struct contest *contest, const struct copier *c, enum stage stage)
{
	return contest->apart && !c->apart && stage != STAGE_DUEL ? TOGETHER : 1;
}

/* Of n that are in a round, how many are in the next. */
static size_t faster_half(size_t n)
{
	return (n + 1) / 2;
}

/* Trials of all that are still in; the faster half comes first and is counted. */
static size_t play_round(const struct contest *contest, struct candidate *list, size_t n,
			 size_t trials, enum stage stage, uint64_t *rng)
{
	size_t order[MAX_CANDIDATES];

	for (size_t t = 0; t < trials && (!t || !late(contest)); t++) {
		rng_shuffle(order, n, rng);
		for (size_t i = 0; i < n; i++)
			try_one(contest, &list[order[i]], stage);
		compare_trial(list, n);
	}
	for (size_t i = 0; i < n; i++) {
		list[i].median_ns = lower_median(list[i].ns, list[i].trials);
		list[i].median_against = lower_median(list[i].against, list[i].trials) *
					 handicap(contest, &list[i].copier, stage);
	}
	qsort(list, n, sizeof(list[0]), by_time);
	return faster_half(n);
}

static size_t trials_of(size_t size)
{
	size_t trials = ROUND_BYTES / size;

	if (trials > MOST_TRIALS)
		return MOST_TRIALS;
	return trials < LEAST_TRIALS ? LEAST_TRIALS : trials;
}

/* Long trials aren't to be mixed with short ones. */
static void forget_trials(struct candidate *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		list[i].trials = 0;
}

/* Of the n in the list the best one, if there is any, comes first. Returns 1, or 0. */
static size_t eliminate(const struct contest *contest, struct candidate *list, size_t n,
			uint64_t *rng)
{
	while (n > FINALISTS)
		n = play_round(contest, list, n, trials_of(contest->size), STAGE_ROUND, rng);
	forget_trials(list, n);
	while (n > 1)
		n = play_round(contest, list, n, FINAL_TRIALS, STAGE_FINAL, rng);
	return n;
}

double choose_copier(const struct contest *contest, struct copier *winner)
{
	static struct candidate list[MAX_CANDIDATES];
	uint64_t rng = contest->seed;
	size_t n = 0;

	for (int past = 0; past < 2; past++)
		n += eliminate(contest, list + n,
			       gather(contest->table, list + n, MAX_CANDIDATES - n, past,
				      contest->apart),
			       &rng);
	forget_trials(list, n);
	if (n > 1)
		play_round(contest, list, n, DUEL_TRIALS, STAGE_DUEL, &rng);
	*winner = list[0].copier;
	return list[0].median_ns;
}

/* What a trial takes, and what goes before it, where an operation takes op_ns. */
static double trial_cost_ns(const struct trial t, double op_ns)
{
	return fmax(fmax(op_ns, t.ns), fmin((double)t.warm_ops * op_ns, t.warm_ns)) +
	       fmax((double)t.ops * op_ns, t.ns);
}

double choose_cost_ns(const struct copy_table *table, size_t size, bool cold, bool apart,
		      double bytes_per_ns)
{
	static struct candidate list[MAX_CANDIDATES];
	const double op_ns = (double)size / bytes_per_ns;
	size_t best = 0, trials = 0, finals = 0;
	double ns;

	for (int past = 0; past < 2; past++) {
		size_t n = gather(table, list, MAX_CANDIDATES, past, apart);

		for (; n > FINALISTS; n = faster_half(n))
			trials += n * trials_of(size);
		finals += n > 1 ? n * FINAL_TRIALS : 0;
		best += n > 0;
	}
	ns = (double)trials * trial_cost_ns(trial_of(size, cold, COPY_NT, STAGE_ROUND), op_ns) +
	     (double)finals * trial_cost_ns(trial_of(size, cold, COPY_NT, STAGE_FINAL), op_ns);
	if (best > 1)
		ns += DUEL_TRIALS *
		      (trial_cost_ns(trial_of(size, cold, COPY_NT, STAGE_DUEL), op_ns) +
		       trial_cost_ns(trial_of(size, cold, COPY_LIBC, STAGE_DUEL), op_ns));
	return ns;
}

// SPDX-License-Identifier: GPL-2.0-only
/* The search for a crossing, with judges that know the answer. */
#include "unit.h"

#include <stdbool.h>
#include <stddef.h>

#include "crossover/crossover.h"
#include "statistics/rng.h"

struct known {
	uint64_t cpu_until, dma_from; /* between them nobody can tell */
	uint64_t grain;
	bool reversed;
	uint64_t asked[128];
	size_t n;
	size_t fail_at; /* the question that ends the search; 0: none */
};

static enum winner judge(void *arg, uint64_t size, int *err)
{
	struct known *k = arg;
	enum winner small = k->reversed ? WINNER_FIRST : WINNER_SECOND;

	for (size_t i = 0; i < k->n; i++)
		assert_int_not_equal(k->asked[i], size);
	if (k->n > 1)
		assert_int_equal(size % k->grain, 0);
	assert_true(k->n < 128);
	k->asked[k->n++] = size;
	if (k->n == k->fail_at)
		*err = -5;
	if (size <= k->cpu_until)
		return small;
	return size >= k->dma_from ? -small : WINNER_NONE;
}

static void a_sharp_crossing_is_enclosed(void **state)
{
	(void)state;
	for (uint64_t at = 1100; at < 4000000; at += at / 3) {
		struct known k = { .cpu_until = at, .dma_from = at + 1, .grain = 64 };
		struct crossing c;

		k.reversed = at % 2;
		assert_int_equal(crossover_find(1000, 5000001, 64, judge, &k, &c), 0);
		assert_int_equal(c.at_from, k.reversed ? WINNER_FIRST : WINNER_SECOND);
		assert_int_equal(c.at_to, -c.at_from);
		assert_true(c.below <= at && c.above > at);
		assert_true((double)c.above / (double)c.below <= CROSSOVER_RESOLUTION ||
			    c.above - c.below <= 64);
		assert_true(k.n < 20);
	}
}

static void what_cant_be_told_widens_the_interval(void **state)
{
	struct known k = { .cpu_until = 20000, .dma_from = 90000, .grain = 4096 };
	struct crossing c;

	(void)state;
	assert_int_equal(crossover_find(4096, 1 << 24, 4096, judge, &k, &c), 0);
	/* Both edges are the last sizes of multiples of 4096 that could be told. */
	assert_true(c.below <= 20000 && c.below > 20000 - 4096);
	assert_true(c.above >= 90000 && c.above < 90000 * CROSSOVER_RESOLUTION + 4096);
}

static void no_crossing_is_no_answer(void **state)
{
	struct known first = { .cpu_until = 1 << 30, .grain = 64 };
	struct known none = { .dma_from = 1 << 30, .grain = 64 };
	struct known end = { .cpu_until = 5000, .dma_from = 1 << 30, .grain = 64 };
	struct crossing c;

	(void)state;
	assert_int_equal(crossover_find(1000, 1 << 20, 64, judge, &first, &c), 0);
	assert_true(c.at_from == WINNER_SECOND && c.at_to == WINNER_SECOND);
	assert_int_equal(first.n, 2);
	assert_int_equal(crossover_find(1000, 1 << 20, 64, judge, &none, &c), 0);
	assert_true(c.at_from == WINNER_NONE && c.at_to == WINNER_NONE);
	assert_int_equal(crossover_find(1000, 1 << 20, 64, judge, &end, &c), 0);
	assert_true(c.at_from == WINNER_SECOND && c.at_to == WINNER_NONE);
}

static void an_error_ends_the_search_wherever_it_comes(void **state)
{
	(void)state;
	for (size_t at = 1; at < 10; at++) {
		struct known k = { .cpu_until = 20000, .dma_from = 90000, .grain = 64 };
		struct crossing c;

		k.fail_at = at;
		assert_int_equal(crossover_find(1000, 1 << 20, 64, judge, &k, &c), -5);
		assert_int_equal(k.n, at);
	}
}

struct dice {
	uint64_t rng;
	uint64_t from, to;
	uint64_t below, above; /* the outermost sizes that were told apart */
	size_t n;
};

/* At the ends the truth; between them whatever comes. */
static enum winner throw_dice(void *arg, uint64_t size, int *err)
{
	struct dice *d = arg;
	enum winner w = (enum winner)((int)rng_below(&d->rng, 3) - 1);

	(void)err;
	if (size == d->from || size == d->to)
		w = size == d->from ? WINNER_FIRST : WINNER_SECOND;
	if (w == WINNER_FIRST && size > d->below)
		d->below = size;
	if (w == WINNER_SECOND && size < d->above)
		d->above = size;
	d->n++;
	return w;
}

/* Noise may make one answer wrong, but never the interval another than what was seen. */
static void answers_by_luck_are_enclosed_as_they_came(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 10000; seed++) {
		struct dice d = { .rng = seed, .from = 4096, .to = 1 << 24, .above = UINT64_MAX };
		struct crossing c;

		assert_int_equal(crossover_find(d.from, d.to, 4096, throw_dice, &d, &c), 0);
		assert_int_equal(c.below, d.below);
		assert_int_equal(c.above, d.above);
		assert_true(c.below < c.above);
		assert_true(d.n < 64);
	}
}

/* Eight pairs are the fewest that can say something at 0.5 % each way. */
static void times_decide_who_is_faster(void **state)
{
	double gain[10];
	int err;

	(void)state;
	for (size_t i = 0; i < 10; i++)
		gain[i] = 0.01 + 0.001 * (double)i;
	assert_int_equal(crossover_decide(gain, 8, &err), WINNER_FIRST);
	assert_int_equal(err, 0);
	for (size_t i = 0; i < 10; i++)
		gain[i] = -gain[i];
	assert_int_equal(crossover_decide(gain, 8, &err), WINNER_SECOND);
	assert_int_equal(crossover_decide(gain, 7, &err), WINNER_NONE);
	/* Half of them the other way: nobody. */
	for (size_t i = 0; i < 10; i += 2)
		gain[i] = -gain[i];
	assert_int_equal(crossover_decide(gain, 10, &err), WINNER_NONE);
	assert_int_equal(err, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_decide_who_is_faster),
		cmocka_unit_test(a_sharp_crossing_is_enclosed),
		cmocka_unit_test(what_cant_be_told_widens_the_interval),
		cmocka_unit_test(no_crossing_is_no_answer),
		cmocka_unit_test(answers_by_luck_are_enclosed_as_they_came),
		cmocka_unit_test(an_error_ends_the_search_wherever_it_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * make rates: how often dmabench trend marks a change that isn't there, and finds one that is, in
 * made-up series. Prints the Markdown tables of docs/gate.md; the seeds are fixed.
 *
 * usage: trend_rates [SERIES [POWER_SERIES]]   (2000 and 200)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "statistics/divisive.h"
#include "statistics/rng.h"

#define MOST 128
#define CASES 20 /* that alpha is shared among, when asking what is found */
#define ALPHA 0.01

struct world {
	const char *name;
	double odd;   /* share of runs that are 5 standard deviations off */
	double carry; /* how much of a run's deviation the next one inherits */
	double drift; /* standard deviations from the first run to the last, steady */
};

static double uniform(uint64_t *rng)
{
	return ((double)(rng_next(rng) >> 11) + 0.5) / 9007199254740992.0; /* 2^53 */
}

/* Box and Muller 1958. */
static double gauss(uint64_t *rng)
{
	double radius = sqrt(-2 * log(uniform(rng)));

	return radius * cos(2 * M_PI * uniform(rng));
}

/* Standard deviation 1, whatever is carried over. */
static void series(const struct world *w, double *v, size_t n, uint64_t *rng)
{
	double last = gauss(rng);

	for (size_t i = 0; i < n; i++) {
		last = w->carry * last + sqrt(1 - w->carry * w->carry) * gauss(rng);
		v[i] = last + w->drift * (double)i / (double)n;
		if (uniform(rng) < w->odd)
			v[i] += 5;
	}
}

static size_t change_points(const double *v, size_t n, double level, uint64_t seed,
			    struct change_point *points)
{
	size_t found;

	if (divisive(v, n, level, seed, points, &found))
		abort();
	return found;
}

static void without_changes(size_t rounds)
{
	static const struct world worlds[] = {
		{ "independent runs", 0, 0, 0 },
		{ "one run in ten is 5 sd off", 0.1, 0, 0 },
		{ "a run inherits 30 % of the deviation of the one before", 0, 0.3, 0 },
		{ "a run inherits 60 %", 0, 0.6, 0 },
		{ "steady drift by 1 sd over the series", 0, 0, 1 },
	};
	static const size_t lengths[] = { 10, 20, 50, 100 };
	uint64_t seed = 1;

	printf("| no change; series marked at 1 %% | 10 runs | 20 | 50 | 100 |\n"
	       "| --- | --- | --- | --- | --- |\n");
	for (size_t w = 0; w < sizeof(worlds) / sizeof(worlds[0]); w++) {
		printf("| %s |", worlds[w].name);
		for (size_t k = 0; k < 4; k++) {
			struct change_point points[MOST];
			size_t alarms = 0;
			double v[MOST];

			for (size_t i = 0; i < rounds; i++) {
				series(&worlds[w], v, lengths[k], &seed);
				alarms += change_points(v, lengths[k], ALPHA, rng_next(&seed),
							points) > 0;
			}
			printf(" %.1f %% |", 100.0 * (double)alarms / (double)rounds);
		}
		putchar('\n');
	}
}

/* Found: a change point within one run of the step, and no other. */
static void with_a_step(size_t rounds)
{
	static const size_t after[] = { 3, 4, 5, 7, 10 };
	static const double steps[] = { 2, 3, 5, 10 };
	static const struct world quiet = { "", 0, 0, 0 };
	uint64_t seed = 2;

	printf("\n| step, 20 runs before it | after 3 runs | 4 | 5 | 7 | 10 |\n"
	       "| --- | --- | --- | --- | --- | --- |\n");
	for (size_t s = 0; s < 4; s++) {
		printf("| %g sd |", steps[s]);
		for (size_t k = 0; k < 5; k++) {
			struct change_point points[MOST];
			size_t hits = 0, n = 20 + after[k];
			double v[MOST];

			for (size_t i = 0; i < rounds; i++) {
				size_t found;

				series(&quiet, v, n, &seed);
				for (size_t j = 20; j < n; j++)
					v[j] += steps[s];
				found = change_points(v, n, ALPHA / CASES, rng_next(&seed), points);
				hits += found == 1 && points[0].at >= 19 && points[0].at <= 21;
			}
			printf(" %.0f %% |", 100.0 * (double)hits / (double)rounds);
		}
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	without_changes(argc > 1 ? (size_t)atoi(argv[1]) : 2000);
	with_a_step(argc > 2 ? (size_t)atoi(argv[2]) : 200);
	return fflush(stdout) || ferror(stdout);
}

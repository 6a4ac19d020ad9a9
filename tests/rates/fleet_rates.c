// SPDX-License-Identifier: GPL-2.0-only
/*
 * make rates: how often dmabench fleet calls a machine slow that isn't, and finds one that is, in
 * made-up fleets of one kind. Prints the Markdown tables of docs/fleet.md; the seeds are fixed.
 *
 * usage: fleet_rates [FLEETS [POWER_FLEETS]]   (600 and 200)
 *        fleet_rates --limits [ROUNDS]         the table in bench/fleet/stand_out.c (200000)
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/stand_out.h"
#include "statistics/rng.h"
#include "statistics/stats.h"

enum shape { NORMAL, HEAVY, HEAVIER, SKEWED, ODD };

/* What varies, as the standard deviation (of a normal of the same width) of logarithms. */
struct world {
	const char *name;
	enum shape launch_shape, run_shape, machine_shape;
	double launch, run, machine; /* of launches; of a machine's case; of a whole machine */
	double slower;		     /* one machine, as a share … */
	size_t odd_cases;	     /* … in so many of its cases; 0: in all */
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

/* Student's t. */
static double student(int df, uint64_t *rng)
{
	double squares = 0;

	for (int i = 0; i < df; i++) {
		double g = gauss(rng);

		squares += g * g;
	}
	return gauss(rng) / sqrt(squares / df);
}

static double draw(enum shape shape, double width, uint64_t *rng)
{
	if (width <= 0)
		return 0;
	switch (shape) {
	case HEAVY:
		return width * student(5, rng);
	case HEAVIER:
		return width * student(3, rng);
	case SKEWED:
		return width * -log(uniform(rng));
	case ODD: /* one in ten takes 20 to 50 % longer */
		return width * gauss(rng) +
		       (uniform(rng) < 0.1 ? log(1.2 + 0.3 * uniform(rng)) : 0);
	case NORMAL:
		break;
	}
	return width * gauss(rng);
}

/* A machine's value of a case, as the command makes it of its launches. */
static void measure(const struct world *w, size_t launches, double whole, double *value,
		    double *error, uint64_t *rng)
{
	double v[64], run = draw(w->run_shape, w->run, rng);

	for (size_t i = 0; i < launches; i++)
		v[i] = draw(w->launch_shape, w->launch, rng);
	launches_value(v, launches, value, error);
	*value += whole + run;
}

static void fleet(const struct world *w, struct group *g, double *value, double *error,
		  size_t launches, uint64_t *rng)
{
	for (size_t m = 0; m < g->machines; m++) {
		double whole = draw(w->machine_shape, w->machine, rng);

		for (size_t c = 0; c < g->cases; c++) {
			size_t at = m * g->cases + c;

			measure(w, launches, whole, &value[at], &error[at], rng);
			if (!m && (!w->odd_cases || c < w->odd_cases))
				value[at] += log1p(w->slower);
		}
	}
	g->value = value;
	g->error = error;
	if (group_look(g))
		abort();
}

struct tally {
	size_t wrong, found; /* fleets: any other machine slower; the slower one is */
};

static bool slower(const struct machine_standing *s)
{
	return s->whole_stands == STANDS_SLOWER || s->cases_stand == STANDS_SLOWER;
}

struct size {
	size_t machines, cases, launches;
};

/* Families of eight cases each, as a result's are by path and by size. */
static void make_families(struct group *g, size_t *cases, struct case_family *families)
{
	for (size_t i = 0; i < g->cases; i++)
		cases[i] = i;
	for (size_t i = 0; i + 8 <= g->cases && g->cases >= 16; i += 8)
		families[g->families++] = (struct case_family){ cases + i, 8 };
	g->family = families;
}

static struct tally run(const struct world *w, const struct size *size, size_t fleets,
			uint64_t seed)
{
	size_t n = size->machines * size->cases;
	double *value = calloc(n, sizeof(*value)), *error = calloc(n, sizeof(*error));
	struct case_family families[32];
	size_t cases[256];
	struct tally t = { 0 };
	uint64_t rng = seed;

	if (!value || !error)
		abort();
	for (size_t i = 0; i < fleets; i++) {
		struct group g = { .machines = size->machines,
				   .cases = size->cases,
				   .threshold = 0.05 };
		bool wrong = false;

		make_families(&g, cases, families);
		fleet(w, &g, value, error, size->launches, &rng);
		for (size_t m = w->slower > 0; m < g.machines; m++)
			wrong |= slower(&g.standing[m]);
		t.wrong += wrong;
		t.found += slower(&g.standing[0]);
		group_free(&g);
	}
	free(value);
	free(error);
	return t;
}

static double percent(size_t n, size_t of)
{
	return 100.0 * (double)n / (double)of;
}

static void alike(size_t fleets)
{
	static const struct world worlds[] = {
		{ "launches: normal, 2 %", .launch = 0.02 },
		{ "launches: normal, 10 %", .launch = 0.1 },
		{ "launches: heavy-tailed (t, 3 degrees), 3 %", HEAVIER, .launch = 0.03 },
		{ "launches: skewed (exponential), 5 %", SKEWED, .launch = 0.05 },
		{ "launches: one in ten takes 20 to 50 % longer", ODD, .launch = 0.02 },
		{ "runs: normal, 3 %", .launch = 0.02, .run = 0.03 },
		{ "runs: heavy-tailed (t, 5 degrees), 2 %", .run_shape = HEAVY, .launch = 0.02,
		  .run = 0.02 },
		{ "runs: heavy-tailed (t, 3 degrees), 2 %", .run_shape = HEAVIER, .launch = 0.02,
		  .run = 0.02 },
		{ "runs: skewed (exponential), 4 %", .run_shape = SKEWED, .launch = 0.02,
		  .run = 0.04 },
		{ "machines: normal, 3 %", .launch = 0.02, .run = 0.01, .machine = 0.03 },
		{ "machines: heavy-tailed (t, 5 degrees), 3 %", .machine_shape = HEAVY,
		  .launch = 0.02, .run = 0.01, .machine = 0.03 },
		{ "machines: skewed (exponential), 3 %", .machine_shape = SKEWED, .launch = 0.02,
		  .run = 0.01, .machine = 0.03 },
		{ "machines: heavy-tailed (t, 3 degrees), 3 %", .machine_shape = HEAVIER,
		  .launch = 0.02, .run = 0.01, .machine = 0.03 },
	};
	static const struct size sizes[] = { { 8, 8, 10 },   { 8, 150, 10 },  { 20, 1, 10 },
					     { 20, 8, 10 },  { 20, 150, 10 }, { 20, 50, 3 },
					     { 100, 50, 10 } };

	printf("| what varies | 8 machines, 8 cases | 8, 150 | 20, 1 | 20, 8 | 20, 150 | 20, 50, "
	       "of 3 "
	       "launches | 100, 50 |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t w = 0; w < sizeof(worlds) / sizeof(worlds[0]); w++) {
		printf("| %s |", worlds[w].name);
		for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
			struct tally t = run(&worlds[w], &sizes[k], fleets, 1000 * w + k + 1);

			printf(" %.1f %% |", percent(t.wrong, fleets));
			fflush(stdout);
		}
		putchar('\n');
	}
}

static void one_slower(size_t fleets)
{
	static const size_t machines[] = { 8, 12, 20, 50, 100 };
	static const double noises[] = { 0.0025, 0.005, 0.01, 0.02, 0.03 };
	static const struct {
		const char *what;
		double slower;
		size_t cases;
	} odd[] = { { "10 % slower", 0.1, 0 },
		    { "7 % slower", 0.07, 0 },
		    { "10 % slower in 8 cases of a family", 0.1, 8 },
		    { "10 % slower in one case", 0.1, 1 },
		    { "30 % slower in one case", 0.3, 1 } };

	printf("\n| machine | noise | 8 machines | 12 | 20 | 50 | 100 |\n"
	       "| --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < 5 * 5; i++) {
		double noise = noises[i % 5];
		struct world w = { "",
				   .launch = noise,
				   .run = noise,
				   .machine = noise / 4,
				   .slower = odd[i / 5].slower,
				   .odd_cases = odd[i / 5].cases };

		printf("| %s | %.2g %% |", odd[i / 5].what, 100 * noise);
		for (size_t k = 0; k < 5; k++) {
			struct size size = { machines[k], 50, 10 };
			struct tally t = run(&w, &size, fleets, 5000 + 10 * i + k);

			printf(" %.0f %% |", percent(t.found, fleets));
			fflush(stdout);
		}
		putchar('\n');
	}
}

/* ---- the limits ---- */

/* What the largest of n comes to, in units of the scale; shape -1: Gumbel's, as worst scores. */
static double largest(int shape, double *v, size_t n, uint64_t *rng)
{
	double most = -HUGE_VAL, place, scale, faster;

	for (size_t i = 0; i < n; i++) {
		v[i] = shape < 0 ? -log(-log(uniform(rng))) : draw((enum shape)shape, 1, rng);
		most = fmax(most, v[i]);
	}
	if (shape < 0)
		lowest_part(v, n, &place, &scale);
	else
		wholes_spread(v, n, &place, &scale, &faster);
	return (most - place) / scale;
}

static double limit(int shape, size_t n, size_t rounds)
{
	double *v = calloc(n, sizeof(*v)), *all = calloc(rounds, sizeof(*all)), q;
	uint64_t rng = 100 * n + (uint64_t)(shape + 1);

	if (!v || !all)
		abort();
	for (size_t i = 0; i < rounds; i++)
		all[i] = largest(shape, v, n, &rng);
	stats_sort(all, rounds);
	q = stats_quantile(all, rounds, 1 - STAND_OUT_ALPHA / 2);
	free(all);
	free(v);
	return q;
}

static void limits(size_t rounds)
{
	static const size_t ns[] = { 8,	 9,  10, 11, 12, 13, 14, 15,  16,  17,	18,   19,  20,
				     21, 22, 23, 24, 32, 48, 64, 100, 200, 500, 1000, 2000 };

	for (size_t i = 0; i < sizeof(ns) / sizeof(ns[0]); i++) {
		size_t n = ns[i], times = n <= 100 ? rounds : rounds * 100 / n;
		double heavy = limit(HEAVY, n, times), skewed = limit(SKEWED, n, times);

		printf("\t{ %zu, %.1f, %.1f },\n", n, fmax(heavy, skewed), limit(-1, n, times));
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	bool of_limits = argc > 1 && !strcmp(argv[1], "--limits");
	size_t first = argc > 1 + of_limits ? strtoul(argv[1 + of_limits], NULL, 10) : 0,
	       second = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	if (of_limits) {
		limits(first ? first : 200000);
		return fflush(stdout) || ferror(stdout);
	}
	printf("Machines that are alike; kinds of which any machine is called slower:\n\n");
	alike(first ? first : 600);
	printf("\nOne of a kind is slower; kinds in which it is named:\n");
	one_slower(second ? second : 200);
	return fflush(stdout) || ferror(stdout);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * make rates: the error rates of dmabench compare, over made-up suites. Prints the Markdown
 * tables of docs/gate.md; the seeds are fixed, so everyone gets the same.
 *
 * usage: rates [SUITES [POWER_SUITES]]   (300 and 25)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulate.h"

#define CASES 64
#define SLOWED 8

static const char *const designs[] = { "stored baseline", "side by side" };

static struct tally run(const struct world *w, size_t suites, uint64_t seed)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < suites; i++)
		if (simulate(w, &rule_default, &seed, &tally))
			abort();
	return tally;
}

static double percent(size_t part, const size_t *all)
{
	size_t sum = 0;

	for (size_t i = 0; i < VERDICTS; i++)
		sum += all[i];
	return 100.0 * (double)part / (double)sum;
}

static void identical_code(size_t suites)
{
	static const struct {
		const char *name;
		struct world w;
	} rows[] = {
		{ "1 %", { .noise = 0.01 } },
		{ "2 %", { .noise = 0.02 } },
		{ "3 %", { .noise = 0.03 } },
		{ "2 %, and 10 % of launches take 20 to 50 % longer",
		  { .noise = 0.02, .outliers = 0.1 } },
		{ "2 %, drifting by 3 % over the run", { .noise = 0.02, .drift = 0.03 } },
		{ "1 %, drifting by 8 % over the run", { .noise = 0.01, .drift = 0.08 } },
	};

	printf("| noise of a launch | launches | design | suites | suites with a FAIL | cases FAIL "
	       "| UNSTABLE | IMPROVED | OK |\n"
	       "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < 2 * 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w = rows[i / 4].w;
		struct tally t;

		w.cases = CASES;
		w.launches = i % 4 < 2 ? 10 : 15;
		w.paired = i % 2;
		t = run(&w, suites, 1000 + i);
		printf("| %s | %zu | %s | %zu | %zu | %zu | %.1f %% | %zu | %.1f %% |\n",
		       rows[i / 4].name, w.launches, designs[w.paired], suites, t.wrong_suites,
		       t.other[VERDICT_FAIL], percent(t.other[VERDICT_UNSTABLE], t.other),
		       t.other[VERDICT_IMPROVED], percent(t.other[VERDICT_OK], t.other));
		fflush(stdout);
	}
}

static void slower_code(size_t suites)
{
	static const double slowdowns[] = { 0.02, 0.03, 0.05, 0.1 },
			    noises[] = { 0.01, 0.02, 0.03 };
	static const size_t launches[] = { 8, 10, 15, 20 };

	printf("\n| design | noise | launches | 2 %% slower | 3 %% slower | 5 %% slower | 10 %% "
	       "slower |\n"
	       "| --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < 2 * 3 * 4; i++) {
		struct world w = { .cases = CASES,
				   .slowed = SLOWED,
				   .paired = i / 12,
				   .noise = noises[i / 4 % 3],
				   .launches = launches[i % 4] };

		printf("| %s | %.0f %% | %zu", designs[w.paired], 100 * w.noise, w.launches);
		for (size_t k = 0; k < 4; k++) {
			struct tally t;

			w.slowdown = slowdowns[k];
			t = run(&w, suites, 2000 + 4 * i + k);
			printf(" | %.0f / %.0f / %.0f", percent(t.slowed[VERDICT_FAIL], t.slowed),
			       percent(t.slowed[VERDICT_UNSTABLE], t.slowed),
			       percent(t.slowed[VERDICT_OK], t.slowed));
		}
		printf(" |\n");
		fflush(stdout);
	}
}

/* The default set of scripts/gate.sh is of about this size. */
static void confirmed(size_t suites)
{
	static const double slowdowns[] = { 0, 0.05, 0.07, 0.1, 0.2 },
			    noises[] = { 0.01, 0.02, 0.03 };

	printf("\n| noise | confirmation | identical | 5 %% slower | 7 %% slower | 10 %% slower | "
	       "20 %% slower |\n| --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < 2 * 3; i++) {
		struct world w = { .cases = 12,
				   .slowed = 3,
				   .paired = true,
				   .launches = 20,
				   .noise = noises[i / 2],
				   .confirm = i % 2 };

		printf("| %.0f %% | %s", 100 * w.noise, w.confirm ? "yes" : "no");
		for (size_t k = 0; k < sizeof(slowdowns) / sizeof(slowdowns[0]); k++) {
			struct tally t;

			w.slowdown = slowdowns[k];
			t = run(&w, suites, 3000 + i / 2 * 8 + k);
			printf(" | %.1f", percent(t.slowed[VERDICT_FAIL], t.slowed));
		}
		printf(" |\n");
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	size_t suites = argc > 1 ? strtoul(argv[1], NULL, 10) : 300;
	size_t power = argc > 2 ? strtoul(argv[2], NULL, 10) : 25;

	if (argc > 3 || !suites || !power) {
		fprintf(stderr, "usage: rates [SUITES [POWER_SUITES]], numbers from 1\n");
		return 2;
	}
	printf("Identical code, %d cases a suite:\n\n", CASES);
	identical_code(suites);
	printf("\nShares of FAIL / UNSTABLE / OK in %% of the %d slowed cases of %d in a suite, "
	       "%zu "
	       "suites:\n",
	       SLOWED, CASES, power);
	slower_code(power);
	printf("\nWhat the confirmation block costs: share of FAIL in %% of the 3 slowed cases of "
	       "12, "
	       "20 pairs, %zu suites:\n",
	       suites);
	confirmed(suites);
	return 0;
}

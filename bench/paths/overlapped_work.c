// SPDX-License-Identifier: GPL-2.0-only
#include "overlapped_work.h"

#include "machine/clock.h"

#define ROUNDS 64
#define TRIALS 20
#define UNITS 1000

static volatile uint64_t sink = 1;

/* Each step needs the one before it, so no CPU can shorten it. */
void work_unit(void)
{
	uint64_t x = sink;

	for (int i = 0; i < ROUNDS; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	sink = x;
}

double work_unit_ns(void)
{
	double best = 0;

	for (int trial = 0; trial < TRIALS; trial++) {
		uint64_t start = now_ns();
		double ns;

		for (int i = 0; i < UNITS; i++)
			work_unit();
		ns = (double)(now_ns() - start) / UNITS;
		if (!trial || ns < best)
			best = ns;
	}
	return best;
}

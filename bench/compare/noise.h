/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What noise alone does to a comparison, from the launches themselves. Values are
 * logarithms; seeds make every answer repeatable.
 */
#ifndef DMABENCH_NOISE_H
#define DMABENCH_NOISE_H

#include <stddef.h>
#include <stdint.h>

#define NOISE_FLOOR_ROUNDS 200
#define NOISE_FLOOR_QUANTILE 0.95
#define NOISE_POWER_ROUNDS 200
#define NOISE_POWER 0.8

/* Two groups of launches, or the pairs of one (y[i] - x[i]), sorted. */
struct groups {
	const double *x, *y; /* of pairs: x is NULL, y their differences */
	size_t m, n;
};

/*
 * The A/A floor: the 95 % quantile of |shift| between random halves of the base's
 * launches x, scaled to groups of m and n. Of pairs: of |shift| when each pair, freed of
 * the common shift, gets a random sign, as exchanging A and B would give it. At least 4
 * values. 0 or -ENOMEM.
 */
int noise_floor(const struct groups *g, uint64_t seed, double *floor);

/*
 * The smallest shift that m and n (or n pairs) such launches would find significant at
 * level in NOISE_POWER of all cases; HUGE_VAL if none ever would be. Launches are redrawn
 * from the groups', each freed of its group's location. A test with critical value c sees
 * a shift as soon as it exceeds the c-th smallest difference, so each redrawn pair of
 * groups says at once what it would have seen. 0 or -ENOMEM.
 */
int noise_detects(const struct groups *g, size_t m, size_t n, double level, uint64_t seed,
		  double *shift);

/* Launches a side for noise_detects() to come down to shift, or 0: more than most. */
int noise_launches(const struct groups *g, double shift, double level, size_t most, uint64_t seed,
		   size_t *launches);

#endif

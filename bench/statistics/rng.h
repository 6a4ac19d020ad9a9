/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
 * generators", 2014): one multiply-xor-shift mix of a counter. Good enough for
 * orders, resampling and byte patterns, and any position can be computed alone.
 */
#ifndef DMABENCH_RNG_H
#define DMABENCH_RNG_H

#include <stddef.h>
#include <stdint.h>

#define RNG_STEP 0x9e3779b97f4a7c15ull

static inline uint64_t rng_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static inline uint64_t rng_next(uint64_t *state)
{
	*state += RNG_STEP;
	return rng_mix(*state);
}

/* The upper 64 of the 128 bits of a product; not every compiler has a type for all of them. */
static inline uint64_t rng_upper(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	return (uint64_t)(((unsigned __int128)a * b) >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
	uint64_t left = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
	uint64_t right = (a & UINT32_MAX) * (b >> 32) + (left & UINT32_MAX);

	return (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32);
#endif
}

/* 0 … n-1; the bias of the multiply-shift is below n / 2^64. */
static inline uint64_t rng_below(uint64_t *state, uint64_t n)
{
	return rng_upper(rng_next(state), n);
}

/* order[0 … n-1] becomes a random permutation (Fisher and Yates) drawn from *state. */
static inline void rng_shuffle(size_t *order, size_t n, uint64_t *state)
{
	for (size_t i = 0; i < n; i++) {
		size_t j = (size_t)rng_below(state, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
}

#endif

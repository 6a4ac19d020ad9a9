// SPDX-License-Identifier: GPL-2.0-only
#include "steps.h"

#include <string.h>

#include "statistics/rng.h"

/* Wherever it lies: vectors of the compiler's, two words each, which every 64-bit CPU has. */
typedef uint64_t words __attribute__((vector_size(16), aligned(1), may_alias));

/* Four at a time, by name so that they stay in registers: adding waits for no adding then. */
#define LANES 4
#define BLOCK (LANES * sizeof(words))

static uint64_t mask_of(enum steps_kind kind)
{
	static const uint64_t masks[] = {
		[STEPS_EVEN] = 0, [STEPS_ODD] = 0x5555555555555555u, [STEPS_POISON] = 0xaaaaaaaaaaaaaaaau
	};

	return masks[kind];
}

static uint64_t first_of(uint64_t seed)
{
	return rng_mix(seed ^ 0x7374657073000001ull);
}

/* Odd: the words repeat after 2^64 of them. */
static uint64_t step_of(uint64_t seed)
{
	return rng_mix(seed ^ 0x7374657073000002ull) | 1;
}

/* The bytes at the end that are no block. */
static void write_rest(uint8_t *p, size_t len, uint64_t word, uint64_t step, uint64_t mask)
{
	for (; len >= sizeof(word); len -= sizeof(word), p += sizeof(word), word += step) {
		uint64_t masked = word ^ mask;

		memcpy(p, &masked, sizeof(masked));
	}
	word ^= mask;
	memcpy(p, &word, len);
}

void steps_write(void *buf, size_t len, uint64_t seed, enum steps_kind kind)
{
	const uint64_t step = step_of(seed), first = first_of(seed), mask = mask_of(kind);
	const words masks = { mask, mask }, further = { 2 * LANES * step, 2 * LANES * step };
	const words next = { 2 * step, 2 * step };
	words a = { first, first + step }, b = a + next, c = b + next, d = c + next;
	uint8_t *p = buf;
	size_t done = 0;

	for (; done + BLOCK <= len; done += BLOCK) {
		words *to = (words *)(p + done);

		to[0] = a ^ masks;
		to[1] = b ^ masks;
		to[2] = c ^ masks;
		to[3] = d ^ masks;
		a += further;
		b += further;
		c += further;
		d += further;
	}
	write_rest(p + done, len - done, first + done / sizeof(first) * step, step, mask);
}

ssize_t steps_check(const void *buf, size_t len, uint64_t seed, enum steps_kind kind)
{
	const uint64_t step = step_of(seed), first = first_of(seed), mask = mask_of(kind);
	const uint8_t *p = buf;

	for (size_t i = 0; i < len; i += sizeof(first)) {
		uint64_t word = (first + i / sizeof(first) * step) ^ mask;
		size_t n = len - i < sizeof(word) ? len - i : sizeof(word), same = 0;

		if (!memcmp(p + i, &word, n))
			continue;
		while (p[i + same] == ((const uint8_t *)&word)[same])
			same++;
		return (ssize_t)(i + same);
	}
	return -1;
}

uint64_t bytes_sum(const void *buf, size_t len)
{
	const uint8_t *p = buf;
	words a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
	uint64_t sum, word;
	size_t done = 0;

	for (; done + BLOCK <= len; done += BLOCK) {
		const words *from = (const words *)(p + done);

		a += from[0];
		b += from[1];
		c += from[2];
		d += from[3];
	}
	a += b + c + d;
	sum = a[0] + a[1];
	for (; done + sizeof(word) <= len; done += sizeof(word)) {
		memcpy(&word, p + done, sizeof(word));
		sum += word;
	}
	for (; done < len; done++)
		sum += p[done];
	return sum;
}

uint64_t steps_sum(size_t len, uint64_t seed, enum steps_kind kind)
{
	const uint64_t step = step_of(seed), mask = mask_of(kind);
	uint64_t word = first_of(seed), sum = 0;

	for (; len >= sizeof(word); len -= sizeof(word), word += step)
		sum += word ^ mask;
	word ^= mask;
	for (size_t i = 0; i < len; i++)
		sum += ((const uint8_t *)&word)[i];
	return sum;
}

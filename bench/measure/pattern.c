// SPDX-License-Identifier: GPL-2.0-only
#include "pattern.h"

#include <string.h>

#include "statistics/rng.h"

/* The pattern's eight bytes at positions 8 * index …, lowest byte first. */
static uint64_t word_at(uint64_t seed, uint64_t index)
{
	return rng_mix(seed + (index + 1) * RNG_STEP);
}

static uint8_t byte_at(uint64_t seed, uint64_t pos)
{
	return (uint8_t)(word_at(seed, pos / 8) >> (8 * (pos % 8)));
}

static uint64_t spread(uint8_t mask)
{
	return mask * 0x0101010101010101ull;
}

void pattern_fill(void *buf, size_t len, uint64_t seed, uint64_t pos, uint8_t mask)
{
	uint8_t *p = buf;
	size_t i = 0;

	for (; i < len && (pos + i) % 8; i++)
		p[i] = byte_at(seed, pos + i) ^ mask;
	for (; i + 8 <= len; i += 8) {
		uint64_t word = word_at(seed, (pos + i) / 8) ^ spread(mask);

		memcpy(p + i, &word, 8);
	}
	for (; i < len; i++)
		p[i] = byte_at(seed, pos + i) ^ mask;
}

ssize_t pattern_check(const void *buf, size_t len, uint64_t seed, uint64_t pos, uint8_t mask)
{
	const uint8_t *p = buf;
	size_t i = 0;

	while (i < len) {
		uint64_t word;

		if (!((pos + i) % 8) && i + 8 <= len) {
			memcpy(&word, p + i, 8);
			if (word == (word_at(seed, (pos + i) / 8) ^ spread(mask))) {
				i += 8;
				continue;
			}
		}
		if (p[i] != (uint8_t)(byte_at(seed, pos + i) ^ mask))
			return (ssize_t)i;
		i++;
	}
	return -1;
}

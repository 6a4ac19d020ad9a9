/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which counter a copy belongs to, by its size and by where both sides lie. Used by the library
 * that counts, which has nothing but the C library, and by what reads the counters.
 */
#ifndef DMABENCH_BINS_H
#define DMABENCH_BINS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sizes below 8 have a bin each; then four a power of two, up to 2^40; the last has what is larger.
 */
#define SIZE_EXACT 8u
#define SIZE_TOP_BIT 40u
#define SIZE_BINS (SIZE_EXACT + (SIZE_TOP_BIT - 3) * 4 + 1)

static inline unsigned int bit_of(uint64_t size)
{
	return 63u ^ (unsigned int)__builtin_clzll(size);
}

static inline unsigned int size_bin(uint64_t size)
{
	unsigned int bit;

	if (size < SIZE_EXACT)
		return (unsigned int)size;
	bit = bit_of(size);
	if (bit >= SIZE_TOP_BIT)
		return SIZE_BINS - 1;
	return SIZE_EXACT + (bit - 3) * 4 + (unsigned int)(size >> (bit - 2) & 3);
}

/* The smallest size of a bin; of SIZE_BINS: one past the largest, as far as there is one. */
static inline uint64_t size_bin_from(unsigned int bin)
{
	unsigned int above = bin - SIZE_EXACT;

	if (bin < SIZE_EXACT)
		return bin;
	if (bin >= SIZE_BINS)
		return UINT64_MAX;
	return (uint64_t)(4 + above % 4) << (above / 4 + 1);
}

/* What an address is a multiple of: 1, 2, 4 … 64, and 4096; NULL is a multiple of all. */
#define ALIGN_CLASSES 8u

static inline unsigned int align_class(uintptr_t address)
{
	unsigned int bits = (unsigned int)__builtin_ctzll((uint64_t)address | 4096);

	return bits < 6 ? bits : 6 + (bits == 12);
}

static inline uint64_t align_of_class(unsigned int class)
{
	return class < 7 ? 1ull << class : 4096;
}

/* Alignments are counted for classes of sizes: below 64, 1K, 16K, 256K, 4M, and larger. */
#define ALIGN_SIZES 6u

static inline unsigned int align_size(uint64_t size)
{
	unsigned int four = size < 64 ? 0 : (bit_of(size) - 2) / 4;

	return four < ALIGN_SIZES ? four : ALIGN_SIZES - 1;
}

static inline uint64_t align_size_from(unsigned int class)
{
	return class ? 4ull << (4 * class) : 0;
}

#endif

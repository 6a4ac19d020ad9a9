/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that say where they belong. The byte at position pos of a pattern is a
 * function of (seed, pos) alone, so a check regenerates it without looking at
 * the source: a shift, a swap, a stale or a short copy all show.
 */
#ifndef DMABENCH_PATTERN_H
#define DMABENCH_PATTERN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PATTERN_PLAIN 0x00
/* Every byte differs from the plain one: a poisoned byte can't pass for a copied one. */
#define PATTERN_POISON 0xff

/* Write bytes pos … pos + len - 1 of the pattern, each xored with mask. */
void pattern_fill(void *buf, size_t len, uint64_t seed, uint64_t pos, uint8_t mask);

/* Index of the first byte that isn't the pattern's, or -1 when all are. */
ssize_t pattern_check(const void *buf, size_t len, uint64_t seed, uint64_t pos, uint8_t mask);

#endif

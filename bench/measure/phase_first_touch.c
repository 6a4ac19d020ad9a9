// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is cold cold? After the eviction that each cold operation has before it, lines of both
 * buffers are read for the first time, and then once more. Each load's address depends on
 * the value of the load before, so that no two overlap; the lines are at least a few apart
 * and in random order, so that no prefetcher brings them.
 */
#include <stdio.h>

#include "machine/clock.h"
#include "machine/platform.h"
#include "memory/cache.h"
#include "statistics/rng.h"
#include "statistics/stats.h"
#include "phase.h"

/* One line of each block of so many bytes: hardware fetches neighbours in pairs, 128 bytes. */
#define BLOCK 512
/* 16 KiB of lines: reading them again hits the first level, whatever the buffer's size. */
#define MAX_LINES 256
#define ROUNDS 5

struct sample_lines {
	const uint8_t *at[MAX_LINES];
	size_t n;
};

/* Up to count lines of a buffer, each of a random block of its own stretch. */
static void choose(struct sample_lines *lines, const uint8_t *buffer, size_t size, size_t count,
		   uint64_t *rng)
{
	size_t blocks = (size + BLOCK - 1) / BLOCK;

	if (count > blocks)
		count = blocks;
	for (size_t i = 0; i < count; i++) {
		size_t first = blocks / count * i;
		size_t at = (first + (size_t)rng_below(rng, blocks / count)) * BLOCK;
		size_t room = size - at < BLOCK ? size - at : BLOCK;

		lines->at[lines->n++] = buffer + at + rng_below(rng, room);
	}
}

static void shuffle(struct sample_lines *lines, uint64_t *rng)
{
	for (size_t i = lines->n; i > 1; i--) {
		size_t j = (size_t)rng_below(rng, i);
		const uint8_t *moved = lines->at[i - 1];

		lines->at[i - 1] = lines->at[j];
		lines->at[j] = moved;
	}
}

/* Nanoseconds to read all lines, one after the other. */
static double read_lines(const struct sample_lines *lines)
{
	/* The compiler mustn't know that it is 0: it is what chains the loads. */
	static volatile size_t zero;
	const size_t mask = zero;
	size_t chain = 0;
	uint64_t start = now_ns();

	for (size_t i = 0; i < lines->n; i++)
		chain = *(const volatile uint8_t *)(lines->at[i] + chain) & mask;
	/* The clock must not be read before the last load is back. */
	__asm__ volatile("" : : "r"(chain) : "memory");
	return (double)(now_ns() - start);
}

static double per_line(double *ns, size_t lines, const struct clock_info *clock)
{
	double net = stats_median(ns, ROUNDS) - clock->cost_ns;

	return net > 0 ? net / (double)lines : 0;
}

int phase_first_touch(struct bench *b)
{
	struct first_touch *touch = &b->result->first_touch;
	size_t size = b->ctx.pairs->size;
	struct sample_lines lines = { .n = 0 };
	double cold[ROUNDS], hot[ROUNDS];
	struct clock_info clock;
	uint64_t rng = b->config->seed;

	if (b->ctx.params.cache != CACHE_COLD)
		return 0;
	if (platform_emulated()) {
		snprintf(touch->reason, sizeof(touch->reason), "this machine emulates no caches");
		return 0;
	}
	clock_examine(&clock);
	choose(&lines, b->ctx.src, size, MAX_LINES / 2, &rng);
	choose(&lines, b->ctx.dst, size, MAX_LINES / 2, &rng);
	shuffle(&lines, &rng);
	for (int i = 0; i < ROUNDS; i++) {
		path_evict(&b->ctx);
		cold[i] = read_lines(&lines);
		hot[i] = read_lines(&lines);
	}
	touch->known = true;
	touch->lines = lines.n;
	touch->cold_ns = per_line(cold, lines.n, &clock);
	touch->hot_ns = per_line(hot, lines.n, &clock);
	return 0;
}

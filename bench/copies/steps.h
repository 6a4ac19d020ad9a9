/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the CPU writes and reads within the time, where a case asks for that: a pattern that costs no more
 * than its stores, and a sum that costs no more than its loads. Each eight bytes are a step further than
 * the eight before, and none are as the other generation's at their place.
 */
#ifndef DMABENCH_STEPS_H
#define DMABENCH_STEPS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What the CPU writes in turns, and what makes each byte differ from both. */
enum steps_kind { STEPS_EVEN, STEPS_ODD, STEPS_POISON };

/* Stores of 16 bytes, as plain code has them. */
void steps_write(void *buf, size_t len, uint64_t seed, enum steps_kind kind);

/* The first byte that isn't as written, or -1. */
ssize_t steps_check(const void *buf, size_t len, uint64_t seed, enum steps_kind kind);

/* Of all bytes, eight as a number each, the last ones one by one: loads of 16 bytes. */
uint64_t bytes_sum(const void *buf, size_t len);

/* What bytes_sum() must give of such bytes, which are made for this a few at a time. */
uint64_t steps_sum(size_t len, uint64_t seed, enum steps_kind kind);

#endif

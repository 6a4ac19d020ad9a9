/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A neighbour: a process on another CPU that does the same small work over and over
 * and counts it. How much it slows down while a path runs is what the path costs it.
 *
 * VICTIM_CACHE chases pointers in random order through half of its CPU's share of the
 * last-level cache: it stays there unless somebody else's bytes push it out, and has
 * one miss at a time, so that it feels both that and a slower cache. VICTIM_BANDWIDTH
 * reads a buffer four times the last-level cache from end to end: it needs the memory's
 * bandwidth. Sizes are those that the kernel tells of the caches; a hypervisor may have
 * told it anything.
 */
#ifndef DMABENCH_VICTIM_H
#define DMABENCH_VICTIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum victim_kind { VICTIM_CACHE, VICTIM_BANDWIDTH, VICTIM_KINDS };

extern const char *const victim_names[VICTIM_KINDS];

struct victim;

/*
 * The CPU for a neighbour of cpus[0]: the last of cpus[n] that isn't its SMT sibling, else the
 * last; *sibling says so. -1 if there is no other.
 */
int victim_cpu(const int *cpus, unsigned int n, bool *sibling);

/* Bytes that a kind works on beside that CPU's caches. */
size_t victim_working_set(enum victim_kind kind, int cpu);

/* Fork it, asleep. NULL with why[] on failure. While no big buffers exist: it would share them. */
struct victim *victim_start(int cpu, char *why, size_t len);
void victim_stop(struct victim *v);

/* Let it work as kind, until the next victim_rest. */
void victim_work(struct victim *v, enum victim_kind kind);
void victim_rest(struct victim *v);
/* Bytes that it has gone through so far: a cache line per step of the chase. */
double victim_bytes(const struct victim *v);

#endif

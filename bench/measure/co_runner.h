/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A neighbour: a process on another CPU that does the same small work over and over
 * and counts it. How much it slows down while a path runs is what the path costs it.
 *
 * CO_RUNNER_CACHE chases pointers in random order through half of its CPU's share of the
 * last-level cache: it stays there unless somebody else's bytes push it out, and has
 * one miss at a time, so that it feels both that and a slower cache. CO_RUNNER_BANDWIDTH
 * reads a buffer four times the last-level cache from end to end: it needs the memory's
 * bandwidth. Sizes are those that the kernel tells of the caches; a hypervisor may have
 * told it anything.
 */
#ifndef DMABENCH_CO_RUNNER_H
#define DMABENCH_CO_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum co_runner_kind { CO_RUNNER_CACHE, CO_RUNNER_BANDWIDTH, CO_RUNNER_KINDS };

extern const char *const co_runner_names[CO_RUNNER_KINDS];

struct co_runner;

/*
 * The CPU for a neighbour of cpus[0]: the last of cpus[n] that isn't its SMT sibling, else the
 * last; *sibling says so. -1 if there is no other.
 */
int co_runner_cpu(const int *cpus, unsigned int n, bool *sibling);

/* All CPUs for neighbours of cpus[0], into out[most]: those that aren't its siblings, else its siblings. */
unsigned int co_runner_cpus(const int *cpus, unsigned int n, int *out, unsigned int most);

/* Bytes that a kind works on beside that CPU's caches. */
size_t co_runner_working_set(enum co_runner_kind kind, int cpu);

/* Fork it, asleep. NULL with why[] on failure. While no big buffers exist: it would share them. */
struct co_runner *co_runner_start(int cpu, char *why, size_t len);
void co_runner_stop(struct co_runner *v);

/* Let it work as kind, until the next co_runner_rest. */
void co_runner_work(struct co_runner *v, enum co_runner_kind kind);
void co_runner_rest(struct co_runner *v);
/* As CO_RUNNER_BANDWIDTH it works for that share of its time, 1 to 100 percent (100). */
void co_runner_pace(struct co_runner *v, unsigned int percent);
/* Bytes that it has gone through so far: a cache line per step of the chase. */
double co_runner_bytes(const struct co_runner *v);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much of the whole machine's CPU time is left? A process with one SCHED_IDLE
 * thread per CPU counts in whatever time nobody else wants. Interrupts, softirqs,
 * kernel threads and the caller all take from it, so what is missing against an
 * idle machine is what everything together has used.
 */
#ifndef DMABENCH_SOAKER_H
#define DMABENCH_SOAKER_H

#include <stddef.h>
#include <stdint.h>

struct soaker;

/*
 * Fork the process, asleep. Before big buffers exist. NULL with why[] where it can't be, or
 * where a CPU quota would be used up by what it counts.
 */
struct soaker *soaker_start(char *why, size_t len);
/* Killed, and waited for as long as an idle machine takes. */
void soaker_stop(struct soaker *s);

/* Learn what an idle machine gives: sleeps for ns with the soaker on. */
void soaker_calibrate(struct soaker *s, uint64_t ns);

/*
 * Let it run from on to off and count from mark on: a thread that wakes up is owed one
 * turn on a busy CPU, whatever its class, and has it before the mark when the caller
 * works for SOAKER_SETTLE_NS in between. off returns the CPU time in ns, over all CPUs, that
 * others used since the mark, and the share of all CPU time (0 … 1) that was left. at_least: what
 * is known, in ns, of that time by a clock; counting can't resolve as little.
 */
#define SOAKER_SETTLE_NS 12000000ull

void soaker_on(struct soaker *s);
void soaker_mark(struct soaker *s);
double soaker_off(struct soaker *s, double at_least, double *left);

#endif

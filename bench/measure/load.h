/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Others that take memory bandwidth while a path runs: a neighbour on each other CPU of the node, each of
 * which reads through its buffer for so much of its time.
 */
#ifndef DMABENCH_LOAD_H
#define DMABENCH_LOAD_H

#include <stddef.h>

struct load;

/*
 * At work from now on, on CPUs of cpus[n] but for cpus[0] and its SMT siblings (these, if there are no
 * others). NULL with why[] on failure. While no big buffers exist: the processes would share them.
 */
struct load *load_start(const int *cpus, unsigned int n, unsigned int percent, char *why,
			size_t len);
void load_stop(struct load *load);

/* On how many CPUs, and bytes that all of them have read so far. */
unsigned int load_cpus(const struct load *load);
double load_bytes(const struct load *load);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that wait for a device each: every round, each does its share and all are awaited.
 * They spin for some microseconds before they sleep, so that waking them is in the time only
 * where the shares take longer than that; what they spin is CPU use like any other.
 *
 * Those of copies/team.h wait for each other, too, and aren't these: they copy themselves, so nobody
 * ever waits longer than others copy, and a sleep would be in the time of each short operation. Here
 * the waiting is for a device, by threads that sleep in the kernel meanwhile, and who spun so long
 * would be the very CPU use that a device is to save. How to wait is all there is to either.
 */
#ifndef DMABENCH_CHANNEL_THREADS_H
#define DMABENCH_CHANNEL_THREADS_H

struct channel_threads;

/*
 * threads - 1 of them beside the caller, who is rank 0. Rank r runs on cpus[r % ncpus].
 * NULL: not enough memory or threads.
 */
struct channel_threads *channel_threads_start(unsigned int threads, const int *cpus,
					      unsigned int ncpus,
					      int (*share)(void *arg, unsigned int rank),
					      void *arg);

/* Start a round, and do the caller's own share. */
void channel_threads_go(struct channel_threads *workers);
/* The round's end: 0 or the first error by rank. */
int channel_threads_wait(struct channel_threads *workers);
void channel_threads_stop(struct channel_threads *workers);

#endif

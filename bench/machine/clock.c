// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "statistics/stats.h"
#include "files.h"

#define READINGS 64
#define BATCHES 31
#define ENOUGH_NS 20000000ull	 /* a coarse clock gets fewer batches */
#define MOST_READINGS (1u << 24) /* of a clock that stands still */

static uint64_t system_clock(void)
{
	return now_ns();
}

/*
 * Read from one step of the clock to another, READINGS times at least: only between steps
 * does a coarse clock say how long its readings took. False: it stands still.
 */
static bool read_batch(uint64_t (*now)(void), uint64_t *last, double *cost, double *step)
{
	uint64_t start = *last, t = start;
	unsigned int n = 0;

	while (n < READINGS || t == *last) {
		*last = t;
		t = now();
		if (++n == MOST_READINGS)
			return false;
		if (t > *last && (double)(t - *last) < *step)
			*step = (double)(t - *last);
	}
	*last = t;
	*cost = (double)(t - start) / n;
	return true;
}

void clock_examine_by(struct clock_info *info, uint64_t (*now)(void))
{
	uint64_t start = now(), last = start;
	double cost[BATCHES], step = 1e9, first;
	size_t n = 0;

	/* The first batch only finds a step to begin at. */
	if (read_batch(now, &last, &first, &step))
		while (n < BATCHES && (!n || last - start < ENOUGH_NS) &&
		       read_batch(now, &last, &cost[n], &step))
			n++;
	info->cost_ns = n ? stats_median(cost, n) : 0;
	info->resolution_ns = step;
}

void clock_examine(struct clock_info *info)
{
	clock_examine_by(info, system_clock);
	if (read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource",
		      info->source, sizeof(info->source)))
		strcpy(info->source, "unknown");
}

static double larger(const struct clock_info *info)
{
	return info->cost_ns > info->resolution_ns ? info->cost_ns : info->resolution_ns;
}

double clock_window_ns(const struct clock_info *info)
{
	return larger(info) / CLOCK_SHARE;
}

double clock_share(const struct clock_info *info, double ns)
{
	return ns > larger(info) ? larger(info) / ns : 1;
}

int cpu_time_ns(uint64_t *ns)
{
	struct timespec self;
	struct rusage children;
	uint64_t us;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &self) || getrusage(RUSAGE_CHILDREN, &children))
		return -errno;
	us = (uint64_t)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000000ull +
	     (uint64_t)(children.ru_utime.tv_usec + children.ru_stime.tv_usec);
	*ns = (uint64_t)self.tv_sec * 1000000000ull + (uint64_t)self.tv_nsec + us * 1000;
	return 0;
}

void sleep_ns(uint64_t ns)
{
	struct timespec t = { (time_t)(ns / 1000000000ull), (long)(ns % 1000000000ull) };

	/* Any other error stays: a filter of system calls refuses it. */
	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR)
		;
}

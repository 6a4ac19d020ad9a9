// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "files.h"
#include "stats.h"

#define READINGS 64
#define BATCHES 31

void clock_examine(struct clock_info *info)
{
	double cost[BATCHES], step = 1e9;

	for (int b = 0; b < BATCHES; b++) {
		uint64_t start = now_ns(), last = start;

		for (int i = 0; i < READINGS; i++) {
			uint64_t t = now_ns();

			if (t > last && (double)(t - last) < step)
				step = (double)(t - last);
			last = t;
		}
		cost[b] = (double)(last - start) / READINGS;
	}
	info->cost_ns = stats_median(cost, BATCHES);
	info->resolution_ns = step;
	if (read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource",
		      info->source, sizeof(info->source)))
		strcpy(info->source, "unknown");
}

uint64_t cpu_time_ns(void)
{
	struct timespec self;
	struct rusage children;
	uint64_t us;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	us = (uint64_t)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000000ull +
	     (uint64_t)(children.ru_utime.tv_usec + children.ru_stime.tv_usec);
	return (uint64_t)self.tv_sec * 1000000000ull + (uint64_t)self.tv_nsec + us * 1000;
}

void sleep_ns(uint64_t ns)
{
	struct timespec t = { (time_t)(ns / 1000000000ull), (long)(ns % 1000000000ull) };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t))
		;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "machine/clock.h"

void progress_begin(struct progress *p, size_t total, double expected_ns)
{
	*p = (struct progress){ .total = total,
				.start_ns = now_ns(),
				.expected_ns = expected_ns,
				.terminal = isatty(STDERR_FILENO) };
}

/* Trust the estimate at first and what was seen more and more. */
static double seconds_left(const struct progress *p)
{
	double done = (double)p->done / (double)p->total;
	double seen = (double)(now_ns() - p->start_ns) / done;

	return (1 - done) * (done * seen + (1 - done) * p->expected_ns) / 1e9;
}

void progress_step(struct progress *p, const char *what)
{
	unsigned int tenth;

	p->done++;
	tenth = (unsigned int)(10 * p->done / p->total);
	if (p->terminal)
		fprintf(stderr, "\r\033[K%zu/%zu launches, about %.0f s left: %.60s", p->done,
			p->total, seconds_left(p), what);
	else if (tenth > p->tenth)
		fprintf(stderr, "%zu/%zu launches, about %.0f s left\n", p->done, p->total,
			seconds_left(p));
	p->tenth = tenth;
}

void progress_end(struct progress *p)
{
	if (p->terminal && p->done)
		fprintf(stderr, "\r\033[K");
}

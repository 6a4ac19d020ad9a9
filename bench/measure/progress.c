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

/* "45 s", "12 min": as exact as the estimate is. */
static const char *time_left(const struct progress *p, char *buf, size_t len)
{
	double s = seconds_left(p);

	if (s < 90)
		snprintf(buf, len, "%.0f s", s);
	else
		snprintf(buf, len, "%.0f min", s / 60);
	return buf;
}

static void bar(const struct progress *p, const char *what)
{
	static const char full[] = "########################";
	const int width = (int)sizeof(full) - 1;
	int done = (int)(width * p->done / p->total);
	char left[32];

	fprintf(stderr, "\r\033[K[%.*s%*s] %3.0f %%, about %s left: %.28s", done, full,
		width - done, "", 100 * (double)p->done / (double)p->total,
		time_left(p, left, sizeof(left)), what);
}

void progress_step(struct progress *p, const char *what)
{
	unsigned int tenth;
	char left[32];

	p->done++;
	tenth = (unsigned int)(10 * p->done / p->total);
	if (p->terminal)
		bar(p, what);
	else if (tenth > p->tenth)
		fprintf(stderr, "%zu/%zu launches, about %s left\n", p->done, p->total,
			time_left(p, left, sizeof(left)));
	p->tenth = tenth;
}

void progress_end(struct progress *p)
{
	if (p->terminal && p->done)
		fprintf(stderr, "\r\033[K");
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* One line on stderr: rewritten on a terminal, once per tenth elsewhere. */
#ifndef DMABENCH_PROGRESS_H
#define DMABENCH_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	size_t done, total;
	uint64_t start_ns;
	double expected_ns; /* estimate for all, before anything was measured */
	unsigned int tenth; /* last one announced */
	bool terminal;
};

void progress_begin(struct progress *p, size_t total, double expected_ns);
void progress_step(struct progress *p, const char *what);
void progress_end(struct progress *p);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Up to which share of pages written afterwards is a snapshot cheaper than memcpy? */
#ifndef DMABENCH_EVEN_H
#define DMABENCH_EVEN_H

#include "picks.h"

struct even {
	bool measured; /* a snapshot path and memcpy, both of this size */
	double size;
	const char *path; /* the snapshot path that stays cheaper longest */
	bool always, never;
	double share; /* percent; the most or the least that was measured if always or never */
	bool certain; /* the intervals beside it are apart */
};

/* Of that size, the best of all snapshot paths. */
void even_at(const struct shown_list *list, double size, struct even *out);

#endif

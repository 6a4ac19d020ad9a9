/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies by a work queue: descriptors that are made once and handed over again and again, never
 * more in flight than the queue has room for; each ends by a record that says so.
 */
#ifndef DMABENCH_DSA_COPIES_H
#define DMABENCH_DSA_COPIES_H

#include "dsa_work.h"

/* What copies are to be like. */
struct dsa_manner {
	enum dsa_wait how;
	enum dsa_fault fault;
	enum cache_control cc;
	uint32_t window;    /* sendings in flight */
	uint32_t max_batch; /* pieces of a list; 0: no lists */
};

/* The queue is open and the pieces are there: make the rest. 0 or -ENOMEM. */
int dsa_copies_make(struct dsa_copies *c, const struct dsa_manner *manner);

/* Begin an operation of all the pieces … */
int dsa_copies_begin(struct dsa_copies *c);
/* … and see it through: nothing is in flight then, or lost says so. 0, or -errno with a reason. */
int dsa_copies_finish(struct dsa_copies *c);

/* All of it, the queue too; nothing of what a late device could still write to. */
void dsa_copies_free(struct dsa_copies *c);

#endif

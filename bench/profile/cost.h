/* SPDX-License-Identifier: GPL-2.0-only */
/* What counting costs a program, found out on this machine. */
#ifndef DMABENCH_COST_H
#define DMABENCH_COST_H

#include <stddef.h>

#define COST_SIZE 64 /* bytes of the copies that it is measured by */
#define COST_ROUNDS 31
#define COST_CALLS 20000 /* of a round */

struct cost {
	double ns;	  /* a call that is counted takes that much longer, median of the rounds */
	double low, high; /* quartiles of the rounds */
};

/* 0, or -errno: the library can't be loaded, or didn't count what it should have. */
int cost_measure(const char *library, struct cost *cost);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* User memory for both sides of a copy, LEN bytes each, as whoever includes this has said. */
#ifndef SIDES_H
#define SIDES_H

#include "guest.h"

static char *src, *dst;

/* For a group, or for a test. */
static inline int sides_make(void **state)
{
	(void)state;
	src = pages(LEN);
	dst = pages(LEN);
	pattern(src, LEN, 3);
	return 0;
}

static inline void sides_drop(void)
{
	pages_free(src, LEN);
	pages_free(dst, LEN);
}

/* And a session. */
static inline int sides_setup(void **state)
{
	sides_make(state);
	return bench_setup(state);
}

static inline int sides_teardown(void **state)
{
	sides_drop();
	return bench_teardown(state);
}

#endif /* SIDES_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages in which whoever touches them is stuck, for as long as the test likes: so that it
 * can do something else in the middle of a request, at a known place.
 */
#ifndef STUCK_H
#define STUCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "guest.h"

struct stuck {
	int fd; /* of userfaultfd */
	char *memory;
	size_t size;
};

/* size bytes of memory that nobody has touched yet, from the start of a page. */
void stuck_make(struct stuck *stuck, char *memory, size_t size);
/* Whether somebody got stuck there, soon. */
bool stuck_is_touched(const struct stuck *stuck);
/* Fill the pages; NULL: with zeroes. All go on. */
void stuck_fill(const struct stuck *stuck, const void *content);
void stuck_drop(struct stuck *stuck);

/* Whether a thread ends by itself; much longer than it can need. */
bool ends_soon(pthread_t thread, void **result);

/* Each copies a half of len bytes in chunks, both at once, so many times; all bytes arrive. */
void halves_at_once(const struct bench *one, const struct bench *other, char *dst, const char *src,
		    size_t len, uint64_t chunk, int rounds);

#endif /* STUCK_H */

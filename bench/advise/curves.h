/* SPDX-License-Identifier: GPL-2.0-only */
/* What a result says a copy takes, by size: memcpy, and every other way beside it. */
#ifndef DMABENCH_CURVES_H
#define DMABENCH_CURVES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A path at a size where memcpy was measured in the same setting. NAN: not known. */
struct look {
	double ns, low, high; /* of an operation, and the 95 % interval */
	/* CPU time of the caller, of an operation; the least and the most of a launch */
	double caller, caller_least, caller_most;
	double machine; /* of the whole machine */
};

struct pair {
	uint64_t size;
	struct look memcpy, other;
};

/* One way of copying against memcpy, by size. */
struct curve {
	const char *path;
	char label[160];
	bool engine;	  /* hardware moves the bytes */
	bool synchronous; /* its time is that of one operation, from its begin to its end */
	struct pair *pairs;
	size_t n;
};

/* In one state of the caches. */
struct curves {
	const char *cache; /* "hot", "cold" */
	struct look *memcpy;
	uint64_t *sizes; /* where memcpy was measured */
	size_t n;
	struct curve *others;
	size_t nothers;
	size_t launches; /* the fewest of a case here */
};

/*
 * Out of the cases of an environment; the setting is the plainest that memcpy was measured in.
 * 0, -ENODATA: no memcpy that was verified; -ENOMEM. To be freed in any case.
 */
int curves_read(const json_t *result, const char *env, const char *cache, struct curves *c);
void curves_free(struct curves *c);

/* The setting, as a text: "4K pages, offset 0, all on node 0". */
void curves_setting(const json_t *result, const char *env, char *text, size_t len);

#endif

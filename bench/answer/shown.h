/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cases of a result that an answer is made from: verified ones of one environment, all in the
 * setting that most were measured in (setting.h), and of each path's variants those that may be
 * held against each other (variants.h), in which there is nothing but the operation.
 */
#ifndef DMABENCH_SHOWN_H
#define DMABENCH_SHOWN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A figure with its 95 % interval over launches. */
struct estimate {
	bool have, interval;
	double value, lo, hi;
};

enum want { WANT_TIME, WANT_CPU, WANT_HARM, WANTS };

struct shown {
	const json_t *json; /* the case; the result keeps it */
	const char *id, *path;
	char name[64];	    /* what copies, "vector512" where it is known: see shown_read() */
	const char *copier; /* the copy that most launches took; the path where there is but one */
	const char *kind;   /* of its engine; NULL: the CPU copies */
	const char *engine;
	bool copies, snapshot;
	bool threads; /* several share one copy */
	double size;
	double share; /* of the pages written afterwards, in percent; -1: no such axis */
	/* Less is better in all of them: ns an operation; ns of all CPUs a byte; percent that a
	 * process on another CPU is slowed by (the worse of cache and bandwidth). */
	struct estimate figure[WANTS];
};

struct shown_list {
	struct shown *c; /* by series, size and share */
	size_t n;
	json_t *setting; /* {cache, pages, …}, what of it there is */
};

/*
 * 0 or -ENOMEM; shown_free() in any case. A path that tries several copies and took the same one in
 * each launch is called after that, libc's being memcpy.
 */
int shown_read(const json_t *result, const char *env, struct shown_list *list);
void shown_free(struct shown_list *list);

#endif

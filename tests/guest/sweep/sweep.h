/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fails every allocation and every access to user memory of a call, one after the other.
 *
 * A subject is a call: prepared, made with a fault, checked, made again without one, undone.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "guest.h"

#define SPAN (6 * PAGE) /* of each end of a copy */

struct sweep {
	struct bench bench;
	int fd; /* of a session that the subject opened itself; -1: none */
	struct end src, dst;
	char *from;   /* what the source holds */
	char *seen;   /* what the destination holds */
	char *memory; /* of buffers that aren't copied */
	size_t len, offset;
	struct dmabench_segment list[3]; /* of a batch, in offsets of the ends */
	uint64_t latency[64];
	struct dmabench_buffer buffer;
	void *mapping;
	/* The request, and what it was before the call. */
	union {
		struct dmabench_info info;
		struct dmabench_engine_info engine_info;
		struct dmabench_engine_open open;
		struct dmabench_buffer buffer;
		struct dmabench_destroy destroy;
		struct dmabench_copy copy;
		struct dmabench_batch batch;
		struct dmabench_sync sync;
	} arg, asked;
	const struct subject *subject;
	char why[128]; /* what went wrong */
};

struct subject {
	const char *name;
	uint32_t src, dst; /* kinds, for those that need them */
	uint32_t flags;
	uint32_t chunk, depth, latencies;
	bool sim_only; /* takes too long on slower ones */
	bool safe;     /* perhaps nothing in it can fail */
	bool busy;     /* EBUSY is an answer: an engine without memory has no descriptor left */
	void (*prepare)(struct sweep *s);
	int (*call)(struct sweep *s);	/* 0, an errno, or SHORT */
	bool (*right)(struct sweep *s); /* after success: answer and bytes */
	void (*undo)(struct sweep *s);	/* after success */
};

/* Fewer bytes than asked: a fault amid them. */
#define SHORT (-1)

/* Each ends with one that has no name. */
extern const struct subject call_subjects[], copy_subjects[], batch_subjects[], async_subjects[];

/* faults.c */
const char *faults_missing(void);
void faults_arm(unsigned int nth);
bool faults_disarm(void); /* whether the fault was spent */

/* subjects_copy.c */
void copy_prepare(struct sweep *s);
void copy_done(struct sweep *s);
bool guards_right(struct sweep *s);
bool bytes_right(struct sweep *s);

/* subjects_async.c */
void async_done(struct sweep *s);

bool wrong(struct sweep *s, const char *what);

#endif /* SWEEP_H */

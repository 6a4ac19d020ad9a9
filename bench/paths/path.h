/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a path is. The runner owns buffers, placement, timing, verification and
 * output; a path only moves bytes, so every path is measured in the same way.
 * docs/adding-a-path.md walks through a new one.
 */
#ifndef DMABENCH_PATH_H
#define DMABENCH_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "copies/copy_pair.h"
#include "statistics/hist.h"
#include "overlapped_work.h"
#include "params.h"

/* What there is after an operation. Costs are never compared across classes silently. */
enum path_class {
	CLASS_COPY,	/* two independent buffers */
	CLASS_SNAPSHOT, /* copy on write: each page written later is paid for later */
	CLASS_MOVE,	/* the source is gone */
	CLASS_VIEW,	/* one set of bytes, to be had from two sides */
	CLASS_ACCESS,	/* one buffer, which the CPU has read, written or copied out of */
	CLASS_NONE,	/* nothing: the harness measures itself */
	CLASS_CALL,	/* nothing: a system call of the driver */
};

extern const char *const class_names[];

#define COPY_VARIANT_LEN 32

/* Sums over the operations since the last reset, by driver paths. Times in ns. */
struct stage_sums {
	uint64_t ops, total, pin, map, submit, wait, unmap, unpin;
	uint64_t descriptors, sg_src_pinned, sg_src_mapped, sg_dst_pinned, sg_dst_mapped;
};

/* Sums likewise, by paths that hand work to a device's queue themselves. */
struct submission_sums {
	uint64_t ops, descriptors;
	uint64_t faults;  /* pages that the device didn't find */
	uint64_t retries; /* it had no room */
};

/*
 * Latencies of single descriptors, from issue to completion, for driver paths: they ask the
 * driver for them, which costs time, so only a phase of its own wants them.
 */
struct descriptor_sums {
	uint64_t ops, descriptors;
	uint64_t unrecorded; /* there was no room for */
	uint64_t busy_ns;  /* their latencies; over total_ns: how many were in flight on average */
	uint64_t total_ns; /* the requests they were part of */
};

struct descriptor_record {
	struct descriptor_sums *sums;
	struct hist *hist;
	uint64_t *ns; /* room for those of one operation */
	uint32_t room;
};

struct copy_ctx {
	struct case_params params;
	/* The runner's buffers: params.size bytes each, GUARD_BYTES around them. */
	uint8_t *src, *dst;
	/* All of them, of which these are the first: as many as the path's pairs says. */
	struct copy_pair *pairs;
	unsigned int npairs;
	/* Where move_pages should look for them; a path with memory of its own says so in
	 * setup, or says NULL where it can't be looked at. */
	const void *placed_src, *placed_dst;
	/* Where the CPU writes the source and reads the destination, where the case asks for that: the
	 * runner's buffers, unless a path with memory of its own says otherwise, operation by
	 * operation if need be. */
	uint8_t *used_src;
	const uint8_t *used_dst;
	uint64_t used;	 /* operations since the last push that it did this for */
	const int *cpus; /* CPUs of params.cpu_node; the caller runs on cpus[0] */
	unsigned int ncpus;
	uint64_t seed; /* of whatever order a path draws */
	/* Completed since the last push, counted by the runner after each timing; the path tells of
	 * each of several pairs how many were its, in drain. */
	uint64_t ops;
	struct stage_sums *stages;	     /* driver paths add to it; NULL: not wanted */
	struct submission_sums *submissions; /* likewise, of queues that a path writes to itself */
	struct overlapped_work *meanwhile;   /* likewise, of those that can work while they copy */
	char reason[160];		     /* a path that fails may say more than an errno does */
	bool unfinished; /* a device may still write to the buffers: they are never given back */
	struct descriptor_record *descriptors; /* likewise */
	char variant[COPY_VARIANT_LEN]; /* which of its ways a path with several takes, or "" */
	/*
	 * For a path whose engine may still write to the buffers and can't be stopped: says reason
	 * to be why the case failed and ends the process, from any thread. Buffers are neither
	 * given back nor used again. NULL: nobody can; the path leaves all as it is.
	 */
	void (*give_up)(struct copy_ctx *ctx);
	void *priv; /* the path's own */
};

struct copy_path {
	const char *name;
	const char *what; /* one line for list and report */
	enum path_class class;
	unsigned int axes;	    /* AXIS_* that matter to it */
	bool contest;		    /* setup tries all copies first, which takes its time */
	enum engine_family engines; /* whose, if the engine is one of its axes */

	/* Optional. Why the CPU can't write the source, or neither that nor read the destination, by
	 * plain loads and stores between two operations. */
	const char *unwritable, *unreadable;
	/* Optional, of a copy: setup pins the runner's buffers for all operations, or why else its
	 * destination can't lie in pages that were never touched. */
	bool pinned_beforehand;
	const char *unfresh;
	/* Optional, of a copy by threads: half of them can copy between the second of two pairs, which
	 * is the other direction. pairs isn't asked then. */
	bool both_ways;

	/* All return 0 or -errno. Optional ones may be NULL. */

	/* Optional. Can this case run on this machine? If not, why[] says why not. */
	int (*probe)(const struct case_params *p, char *why, size_t len);
	/* Optional, for operations that are between different buffers: pairs of them; else 1. */
	unsigned int (*pairs)(const struct case_params *p);
	/* Optional, for paths with memory of their own: the bytes of it, of what goes with the
	 * source and with the destination. Without it a path with push has as much as a buffer. */
	void (*own)(const struct case_params *p, uint64_t bytes[2]);
	/* Optional. Everything that isn't to be timed: threads, mappings, registrations. */
	int (*setup)(struct copy_ctx *ctx);
	/* One operation: start it … */
	int (*submit)(struct copy_ctx *ctx);
	/* … and optional: return when it is complete. Both are timed together. */
	int (*wait)(struct copy_ctx *ctx);
	/* Instead of the two, where being called for each would be a part of its time: n
	 * operations, one after the other. */
	int (*submit_many)(struct copy_ctx *ctx, uint64_t n);
	/* Optional, for paths that keep several operations in flight: those before then return
	 * when another may be started, and this one when all are complete. */
	int (*drain)(struct copy_ctx *ctx);
	/* Optional, for paths with memory of their own, never timed: bring the runner's
	 * src and dst there, guards included … */
	int (*push)(struct copy_ctx *ctx);
	/* … and what became of them back. A snapshot's pages written by the path are
	 * set back, so that both sides must show the plain pattern. */
	int (*pull)(struct copy_ctx *ctx);
	/* Optional. Undo setup, also a partial one; called once. */
	void (*teardown)(struct copy_ctx *ctx);
};

extern const struct copy_path *const all_paths[];
extern const size_t all_paths_count;

unsigned int path_pairs(const struct copy_path *path, const struct case_params *p);
/* Is each operation between all pairs, one in each direction, and not between one of them? */
bool path_goes_both_ways(const struct case_params *p);
/* What an operation has between that pair, if it has any between it. */
uint64_t path_pair_size(const struct case_params *p, unsigned int pair);
/* Nothing of any pair is in the caches. */
void path_evict(const struct copy_ctx *ctx);

/* One operation more, which ends in drain at the latest. 0 or what the path returned. */
static inline int path_begin(const struct copy_path *path, struct copy_ctx *ctx)
{
	int ret = path->submit ? path->submit(ctx) : path->submit_many(ctx, 1);

	return !ret && path->wait ? path->wait(ctx) : ret;
}

/* Whether this machine can do the case, the path's own probe included; if not, why[] says why not. */
int path_probe(const struct copy_path *path, const struct case_params *p, char *why, size_t len);

/* n operations, from the beginning of the first to the end of the last. */
int path_operate(const struct copy_path *path, struct copy_ctx *ctx, uint64_t n);

/* Can it be done with these parameters? If not, -EINVAL, and why[] says why not. */
int path_takes(const struct copy_path *path, const struct case_params *p, char *why, size_t len);

/* NULL if there is none of that name. */
const struct copy_path *path_find(const char *name);

#endif

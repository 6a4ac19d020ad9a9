/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a launch, below measure.c: each phase is one file that
 * measures one thing, in a window of its own, so that none is in another's figures.
 */
#ifndef DMABENCH_PHASE_H
#define DMABENCH_PHASE_H

#include <stdint.h>

#include "machine/nodes.h"
#include "paths/path.h"
#include "plan/case.h"
#include "statistics/hist.h"
#include "arena.h"
#include "config.h"
#include "launch_result.h"
#include "load.h"
#include "soaker.h"

/*
 * The whole way of the bytes, where a case asks for it: the CPU writes all of the source, the path
 * operates, the CPU reads all of the destination. What it read is checked, each time.
 */
struct use {
	uint64_t sums[2];	 /* of what must be read, by the number of the operation */
	struct use_sums *stages; /* NULL: nothing but the whole is timed */
};

struct bench {
	const struct bench_case *c;
	const struct measure_config *config;
	struct launch_result *result;
	struct copy_ctx ctx;
	struct arena arena;
	struct soaker *soaker; /* NULL: CPU use isn't measured */
	char no_soaker[160];   /* for this reason, or it wasn't wanted */
	uint64_t batch;	       /* operations between two readings of the clock */
	int cpus[MAX_CPUS];
	struct load *load; /* NULL: no others are made to work */
	struct use use;	   /* of cases in which the CPU has a part in each operation */
};

/* What a stretch of operations came to. */
struct stretch {
	uint64_t ops, windows;
	uint64_t faults;       /* where pages are fresh: of the windows alone */
	struct load_sums load; /* where others are at work: from the first window to the last */
	double ns;	       /* timed windows only */
};

/* Record that the launch ends here and why; gives err (-errno) back. */
int phase_end(struct bench *b, enum launch_status status, const char *what, int err);

/* Is an error of a path's setup (-errno) what the machine lacks or doesn't allow, and no failure? */
bool phase_lacking(int err);

/* The same of operations that gave err back. */
int phase_operation_failed(struct bench *b, int err);

/* Why what is counted from outside would count what is done between operations; NULL: nothing is. */
const char *phase_uncounted(const struct bench *b);

/*
 * Operate until the timed windows add up to ns, at least once; latencies go to hist if
 * there is one. With a cold cache both buffers are evicted before each window.
 */
int phase_operate(struct bench *b, uint64_t ns, struct hist *hist, struct stretch *s);

/* A stretch of operations, poisoned before and verified after it. */
int phase_sample(struct bench *b, uint64_t ns, struct hist *hist, struct stretch *s);

/* For a case in which the CPU uses the bytes: knows what their sums must be. */
void use_begin(struct bench *b);
/*
 * n operations, each with the CPU's part of it. 0 or -errno, -EBADMSG with ctx->reason where what the
 * CPU read is not what it or the runner wrote.
 */
int use_operate(struct bench *b, uint64_t n);

/* What goes around each stretch: make every byte of the destination wrong, and check all. */
int phase_poison(struct bench *b);
int phase_verify(struct bench *b);

/* The phases. 0 or -errno with the launch's status and reason set. */

/* Can pages be given back, where each operation wants fresh ones? */
int phase_fresh(struct bench *b);
/* Finds b->batch; *op_ns is what one operation takes, roughly. */
int phase_warm_up(struct bench *b, double *op_ns);
/* Operations verified one by one, never timed: what a sample's last one would hide. */
int phase_each(struct bench *b, double op_ns);
/* The samples, their latencies and stages. */
int phase_samples(struct bench *b, double op_ns);
/* Where the time goes when the CPU has a part in it. */
int phase_use(struct bench *b);
/* Latencies of single descriptors, of driver paths. */
int phase_descriptors(struct bench *b);
/* Hardware and software events. */
int phase_events(struct bench *b);
/* CPU use, by the soaker. */
int phase_cpu(struct bench *b);
/* With a cold cache: what the first touch of a line takes, and what the second. */
int phase_first_touch(struct bench *b);
/* What the path costs a neighbour; after teardown, with buffers of its own. */
int phase_neighbour(struct bench *b);
/* Are the buffers on the nodes that were asked for? */
int phase_placement(struct bench *b);

#endif

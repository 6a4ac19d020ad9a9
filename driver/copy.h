/* SPDX-License-Identifier: GPL-2.0-only */
/* A copy in progress: what copy.c sets up and pipeline.c runs. */
#ifndef DMABENCH_COPY_H
#define DMABENCH_COPY_H

#include "area.h"
#include "engine.h"
#include "overlap.h"
#include "request.h"
#include "side.h"

/* One moving, one ready behind it, one being cleared away or prepared. */
#define RING 3

struct chunk {
	u64 len;
	u64 submitted;
	u64 piece; /* what is left to the next place where a descriptor ends at the latest */
	unsigned long end; /* the request's number after its last descriptor */
};

/* Of a chunk whose sides, or one of them, are the caller's memory. */
struct pinned {
	struct area area[2];
	struct cursor cursor[2];
};

struct copy {
	struct list_head node;	  /* in engine->quarantine */
	struct dmabench_copy arg; /* as it was asked, then with the answers */
	struct dma_request *req;  /* kept for the next copy where it can be */
	struct pinned *pinned;	  /* RING, kept for the next copy as well; NULL: not yet */
	bool pins;
	struct engine *engine;
	struct side side[2]; /* source, destination */
	struct overlap overlap;
	u32 depth; /* as asked, or the default */
	u32 timeout_ms;
	u64 max_piece; /* what was asked for as a chunk: no descriptor crosses its end */
	u64 chunk_len; /* of that length, or all where there is nothing to pin and map */
	u64 first_len; /* of the first chunk, which brings the others to cache lines */
	u64 chunks;    /* to do; the three below count up to it, in this order */
	u64 prepared;
	u64 offset; /* of the next one to prepare */
	u64 submitted;
	u64 released;
	bool tight;   /* no room to prepare before something is released */
	bool starved; /* no descriptor to be had before something is reaped */
	u64 *latency;
	u32 latencies; /* room in latency */
	u64 *stage;    /* where passing time is charged to */
	u64 stamp;
	struct chunk ring[RING];
};

static inline bool copy_pins(const struct dmabench_copy *arg)
{
	return arg->src.kind == DMABENCH_BUF_USER || arg->dst.kind == DMABENCH_BUF_USER;
}

static inline struct pinned *pinned_of(struct copy *copy, const struct chunk *chunk)
{
	return &copy->pinned[chunk - copy->ring];
}

int pipeline_run(struct copy *copy);
void pipeline_clear(struct copy *copy);
void pipeline_stage(struct copy *copy, u64 *next);

#endif /* DMABENCH_COPY_H */

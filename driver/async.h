/* SPDX-License-Identifier: GPL-2.0-only */
/* A copy that nobody waits for: what async.c runs, with the sides of async_sides.c. */
#ifndef DMABENCH_ASYNC_H
#define DMABENCH_ASYNC_H

#include <linux/workqueue.h>

#include "area.h"
#include "engine.h"
#include "overlap.h"
#include "request.h"
#include "session.h"
#include "side.h"

struct async {
	struct io_uring_cmd *cmd;
	struct session *session;
	struct engine *engine;
	struct dmabench_copy arg;
	struct dma_request *req;
	struct side side[2];	 /* source, destination */
	struct area area[2];	 /* of user sides */
	struct cursor cursor[2]; /* likewise */
	bool nowait;		 /* the submitter mustn't be kept waiting */
	bool lent[2];		 /* the side's buffer is marked as lent */
	bool handed;		 /* the destination's bytes were handed to the engine */
	struct list_head node;	 /* in engine->quarantine */
	struct delayed_work expiry;
	wait_queue_entry_t watch;
	/* Under the lock of the request's queue: */
	unsigned long seen; /* descriptors before it are done */
	bool submitted;	    /* all there will be */
	bool fired;	    /* the task was told */
	int err;
	bool stuck; /* the engine may still write; written before the task looks */
};

int async_init_sides(struct async *op);
int async_begin_side(struct async *op, int i, struct overlap *overlap);
void async_release(struct async *op, bool written);
void async_quarantine(struct async *op);

#endif /* DMABENCH_ASYNC_H */

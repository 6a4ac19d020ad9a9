// SPDX-License-Identifier: GPL-2.0-only
#include "staged_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "gpus.h"
#include "staged.h"

/* Seconds that the driver may take to start or to end … */
#define SETUP_PATIENCE 60
/* … and that copies may: these, and more if they were as slow as a bus of the last century. */
#define COPY_PATIENCE 10
#define SLOWEST (100ull << 20)

int staged_path_probe(const struct case_params *p, char *why, size_t len)
{
	struct engine_wish wish = { p->engine, 1, p->src_node, p->dst_node };
	const struct gpu *gpu;
	struct ring ring;
	int ret = gpus_find(gpus_ask(), &wish, &gpu, why, len);

	return ret ? ret : ring_shape(p, &ring, why, len);
}

/* The GPU may still write: nothing is touched any more, whoever runs the path ends the process. */
static void give_up(struct staged *s)
{
	if (!atomic_exchange(&s->lost, true) && s->ctx->give_up)
		s->ctx->give_up(s->ctx);
}

/* In the watching thread, while the other one is in a call that doesn't return. */
static void stuck(void *data)
{
	struct staged *s = data;

	if (atomic_load(&s->lost))
		return;
	snprintf(s->ctx->reason, sizeof(s->ctx->reason), "%s: not complete after %u s", s->doing,
		 atomic_load(&s->watch.patience));
	give_up(s);
}

static struct staged *new_staged(struct copy_ctx *ctx, const struct ring *ring)
{
	struct staged *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->filled = calloc(2 * (size_t)ring->slots, sizeof(*s->filled));
	if (!s->filled) {
		free(s);
		return NULL;
	}
	s->drained = s->filled + ring->slots;
	s->ctx = ctx;
	s->ring = *ring;
	return s;
}

int staged_path_setup(struct copy_ctx *ctx, bool each)
{
	struct staged *s;
	struct ring ring;
	int ret = ring_shape(&ctx->params, &ring, ctx->reason, sizeof(ctx->reason));

	if (ret)
		return ret;
	s = new_staged(ctx, &ring);
	if (!s)
		return -ENOMEM;
	ctx->priv = s;
	s->each = each;
	s->doing = "starting the GPU's driver";
	ret = watch_start(&s->watch, SETUP_PATIENCE, stuck, s);
	if (ret)
		return ret;
	watch_begin(&s->watch);
	ret = staged_make(s);
	watch_end(&s->watch);
	atomic_store(&s->watch.patience,
		     COPY_PATIENCE + (unsigned int)(ctx->params.size / SLOWEST));
	s->doing = "copying by the GPU";
	if (ctx->params.wait == WAIT_POLL)
		s->unit_ns = work_unit_ns();
	return ret;
}

/* A piece up, once its slot is free, and down, once it is there. */
static int put(struct staged *s, const struct ring_piece *p)
{
	const uint8_t *from = s->ctx->src + p->at;
	uint8_t *to = s->ctx->dst + p->at;
	cuda_address slot = s->at + p->in_ring;
	int ret = 0;

	if (p->again)
		ret = CALL(s, cuStreamWaitEvent, s->up, s->drained[p->slot], 0);
	if (!ret)
		ret = CALL(s, cuMemcpyHtoDAsync_v2, slot, from, p->len, s->up);
	if (!ret)
		ret = CALL(s, cuEventRecord, s->filled[p->slot], s->up);
	if (!ret)
		ret = CALL(s, cuStreamWaitEvent, s->down, s->filled[p->slot], 0);
	if (!ret)
		ret = CALL(s, cuMemcpyDtoHAsync_v2, to, slot, p->len, s->down);
	if (!ret)
		ret = CALL(s, cuEventRecord, s->drained[p->slot], s->down);
	return ret;
}

/* Is nothing under way in this stream? Asked until it is known; the watch ends it if it never is. */
static bool is_quiet(struct staged *s, void *stream)
{
	int ret;

	do
		ret = s->cuda.cuStreamQuery(stream);
	while (ret == CUDA_ERROR_NOT_READY);
	return ret == CUDA_SUCCESS;
}

/*
 * Something went wrong in the middle. What has been begun is let come to its end; where that
 * can't be seen, the GPU may still write to the buffers, and they can't be given back.
 */
static int fail(struct staged *s, int err)
{
	bool quiet = is_quiet(s, s->up);

	quiet = is_quiet(s, s->down) && quiet;
	if (!quiet) {
		give_up(s);
		return err;
	}
	watch_end(&s->watch);
	return err;
}

int staged_path_submit(struct copy_ctx *ctx)
{
	struct staged *s = ctx->priv;
	struct ring_piece piece;
	int ret;

	watch_begin(&s->watch);
	ret = s->each ? staged_register_both(s) : 0;
	for (uint64_t i = 0; i < s->ring.pieces && !ret; i++) {
		ring_piece(&s->ring, i, &piece);
		ret = put(s, &piece);
	}
	if (!ret)
		ret = CALL(s, cuEventRecord, s->done, s->down);
	return ret ? fail(s, ret) : 0;
}

/* Work of the caller's own until all is there. */
static int work_on(struct staged *s)
{
	struct overlapped_work *meanwhile = s->ctx->meanwhile;
	uint64_t units = 0;
	int ret;

	while ((ret = s->cuda.cuEventQuery(s->done)) == CUDA_ERROR_NOT_READY) {
		work_unit();
		units++;
	}
	if (meanwhile) {
		meanwhile->units += units;
		meanwhile->unit_ns = s->unit_ns;
	}
	return cuda_check(&s->cuda, "cuEventQuery", ret, s->ctx->reason, sizeof(s->ctx->reason));
}

int staged_path_wait(struct copy_ctx *ctx)
{
	struct staged *s = ctx->priv;
	int ret;

	if (ctx->params.wait == WAIT_POLL)
		ret = work_on(s);
	else
		ret = CALL(s, cuEventSynchronize, s->done);
	if (ret)
		return fail(s, ret);
	ret = s->each ? staged_unregister_both(s) : 0;
	watch_end(&s->watch);
	return ret;
}

void staged_path_teardown(struct copy_ctx *ctx)
{
	struct staged *s = ctx->priv;

	/* What was lost stays as it is, watched memory too. */
	if (!s || s->lost)
		return;
	s->doing = "ending the GPU's driver";
	atomic_store(&s->watch.patience, SETUP_PATIENCE);
	watch_begin(&s->watch);
	staged_unmake(s);
	watch_end(&s->watch);
	watch_stop(&s->watch);
	free(s->filled);
	free(s);
	ctx->priv = NULL;
}

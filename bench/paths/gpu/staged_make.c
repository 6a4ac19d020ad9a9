// SPDX-License-Identifier: GPL-2.0-only
#include "staged.h"

#include <errno.h>
#include <stdlib.h>

#include "gpus.h"

#define PAGE 4096ull

static int choose(struct staged *s)
{
	const struct case_params *p = &s->ctx->params;
	struct engine_wish wish = { p->engine, 1, p->src_node, p->dst_node };
	struct gpus *list = calloc(1, sizeof(*list));
	const struct gpu *gpu;
	int ret;

	if (!list)
		return -ENOMEM;
	gpus_list(&s->cuda, list);
	ret = gpus_find(list, &wish, &gpu, s->ctx->reason, sizeof(s->ctx->reason));
	if (!ret)
		ret = CALL(s, cuDeviceGet, &s->device, (int)gpu->engine.index);
	free(list);
	return ret;
}

/* The context is the process's one for this GPU, as the CUDA runtime's is. */
static int open_device(struct staged *s)
{
	void *context;
	int ret = CALL(s, cuDevicePrimaryCtxRetain, &context, s->device);

	if (ret)
		return ret;
	s->made.context = true;
	ret = CALL(s, cuCtxSetCurrent, context);
	if (!ret)
		ret = CALL(s, cuMemAlloc_v2, &s->at, ring_bytes(&s->ring));
	s->made.ring = !ret;
	return ret;
}

static int make_streams(struct staged *s)
{
	int ret = CALL(s, cuStreamCreate, &s->up, CUDA_STREAM_NON_BLOCKING);

	s->made.streams[0] = !ret;
	if (ret)
		return ret;
	ret = CALL(s, cuStreamCreate, &s->down, CUDA_STREAM_NON_BLOCKING);
	s->made.streams[1] = !ret;
	return ret;
}

static int make_events(struct staged *s)
{
	unsigned int sleeps = s->ctx->params.wait == WAIT_POLL ? 0 : CUDA_EVENT_BLOCKING_SYNC;
	int ret = CALL(s, cuEventCreate, &s->done, CUDA_EVENT_DISABLE_TIMING | sleeps);

	s->made.done = !ret;
	for (uint32_t i = 0; i < s->ring.slots && !ret; i++) {
		ret = CALL(s, cuEventCreate, &s->filled[i], CUDA_EVENT_DISABLE_TIMING);
		if (ret)
			break;
		s->made.filled++;
		ret = CALL(s, cuEventCreate, &s->drained[i], CUDA_EVENT_DISABLE_TIMING);
		if (!ret)
			s->made.drained++;
	}
	return ret;
}

/* Whole pages: older drivers want them, and what is pinned are pages anyway. */
static void pages_of(const uint8_t *bytes, uint64_t size, void **at, size_t *len)
{
	uintptr_t from = (uintptr_t)bytes / PAGE * PAGE;
	uintptr_t to = ((uintptr_t)bytes + size + PAGE - 1) / PAGE * PAGE;

	*at = (void *)from;
	*len = to - from;
}

static int register_side(struct staged *s, int side)
{
	void *at;
	size_t len;
	int ret;

	pages_of(side ? s->ctx->dst : s->ctx->src, s->ring.size, &at, &len);
	ret = CALL(s, cuMemHostRegister_v2, at, len, 0);
	s->made.registered[side] = !ret;
	return ret;
}

static int unregister_side(struct staged *s, int side)
{
	void *at;
	size_t len;

	if (!s->made.registered[side])
		return 0;
	pages_of(side ? s->ctx->dst : s->ctx->src, s->ring.size, &at, &len);
	s->made.registered[side] = false;
	return CALL(s, cuMemHostUnregister, at);
}

int staged_register_both(struct staged *s)
{
	int ret = register_side(s, 0);

	return ret ? ret : register_side(s, 1);
}

int staged_unregister_both(struct staged *s)
{
	int ret = unregister_side(s, 0), other = unregister_side(s, 1);

	return ret ? ret : other;
}

int staged_make(struct staged *s)
{
	int ret = cuda_open(&s->cuda, s->ctx->reason, sizeof(s->ctx->reason));

	if (!ret)
		ret = choose(s);
	if (!ret)
		ret = open_device(s);
	if (!ret)
		ret = make_streams(s);
	if (!ret)
		ret = make_events(s);
	if (!ret)
		ret = staged_register_both(s);
	/* Once now, so that what can't be registered is known before anything is timed. */
	if (!ret && s->each)
		ret = staged_unregister_both(s);
	return ret;
}

/* What can't be undone here goes with the process: nothing is under way any more. */
void staged_unmake(struct staged *s)
{
	const struct cuda *c = &s->cuda;

	staged_unregister_both(s);
	for (uint32_t i = 0; i < s->made.filled; i++)
		c->cuEventDestroy_v2(s->filled[i]);
	for (uint32_t i = 0; i < s->made.drained; i++)
		c->cuEventDestroy_v2(s->drained[i]);
	if (s->made.done)
		c->cuEventDestroy_v2(s->done);
	if (s->made.streams[1])
		c->cuStreamDestroy_v2(s->down);
	if (s->made.streams[0])
		c->cuStreamDestroy_v2(s->up);
	if (s->made.ring)
		c->cuMemFree_v2(s->at);
	if (s->made.context)
		c->cuDevicePrimaryCtxRelease_v2(s->device);
}

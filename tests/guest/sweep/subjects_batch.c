// SPDX-License-Identifier: GPL-2.0-only
/* BATCH: the list of segments is one more thing to read, and to find memory for. */
#include <string.h>

#include "sweep.h"

/* Not in ascending order: such a list is sorted for the look at overlaps. */
static void batch_prepare(struct sweep *s)
{
	struct dmabench_batch *arg = &s->arg.batch;
	size_t far = on_sim(&s->bench) ? 2 * PAGE : 100;

	copy_prepare(s);
	s->len = 0;
	s->list[0] = (struct dmabench_segment){ 10, 3 * PAGE, far };
	s->list[1] = (struct dmabench_segment){ PAGE - 5, 500, 70 };
	s->list[2] = (struct dmabench_segment){ 4 * PAGE, 0, 1 };
	memset(arg, 0, sizeof(s->arg));
	arg->src = end_side(&s->src, 0);
	arg->dst = end_side(&s->dst, 0);
	arg->span = SPAN;
	arg->segments_ptr = (uintptr_t)s->list;
	arg->segments = 3;
	arg->engine = s->bench.engine;
	arg->depth = s->subject->depth;
	arg->flags = s->subject->flags;
}

/* The same bytes as of one segment, in many and from the last to the first. */
static void backwards_prepare(struct sweep *s)
{
	static struct dmabench_segment pieces[24];
	struct dmabench_batch *arg = &s->arg.batch;
	size_t count = on_sim(&s->bench) ? 24 : 8, i;

	batch_prepare(s);
	memset(s->list, 0, sizeof(s->list));
	s->list[0] = (struct dmabench_segment){ 10, 3 * PAGE, 8 * count };
	for (i = 0; i < count; i++) {
		size_t at = 8 * (count - 1 - i);

		pieces[i] = (struct dmabench_segment){ 10 + at, 3 * PAGE + at, 8 };
	}
	arg->segments_ptr = (uintptr_t)pieces;
	arg->segments = (uint32_t)count;
}

static int batch_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_BATCH, &s->arg.batch);
}

static bool batch_right(struct sweep *s)
{
	const struct dmabench_batch *arg = &s->arg.batch;

	if (!guards_right(s))
		return false;
	if (arg->copied != s->list[0].len + s->list[1].len + s->list[2].len || arg->descriptors < 3)
		return wrong(s, "the answer's figures");
	return bytes_right(s);
}

#define BATCH .prepare = batch_prepare, .call = batch_call, .right = batch_right

const struct subject batch_subjects[] = {
	{ .name = "BATCH registered to registered",
	  .src = DMABENCH_BUF_REGISTERED,
	  .dst = DMABENCH_BUF_REGISTERED,
	  BATCH },
	{ .name = "BATCH coherent to kernel, one at a time",
	  .src = DMABENCH_BUF_COHERENT,
	  .dst = DMABENCH_BUF_KERNEL,
	  .depth = 1,
	  BATCH },
	{ .name = "BATCH registered to coherent, polling",
	  .src = DMABENCH_BUF_REGISTERED,
	  .dst = DMABENCH_BUF_COHERENT,
	  .flags = DMABENCH_COPY_POLL,
	  .sim_only = true,
	  BATCH },
	{ .name = "BATCH registered to coherent, many segments backwards",
	  .src = DMABENCH_BUF_REGISTERED,
	  .dst = DMABENCH_BUF_COHERENT,
	  .prepare = backwards_prepare,
	  .call = batch_call,
	  .right = batch_right },
	{ .name = NULL },
};

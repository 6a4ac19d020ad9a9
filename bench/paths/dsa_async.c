// SPDX-License-Identifier: GPL-2.0-only
/* dsa without waiting for each: an operation is many copies, several of them in flight. */
#include "dsa/dsa_path.h"

#define DEFAULT_DEPTH 16
#define PAGE 4096

/* Copies as asked, or so that all of an operation is in flight. */
static struct dsa_cut many(const struct case_params *p, const struct dsa_queue_info *queue)
{
	uint32_t most = queue->size < DEFAULT_DEPTH ? queue->size : DEFAULT_DEPTH;
	uint32_t depth = p->depth ? p->depth : most;
	uint64_t share = (p->size + depth - 1) / depth;

	return (struct dsa_cut){
		.bytes = p->chunk ? p->chunk : (share + PAGE - 1) / PAGE * PAGE,
		.depth = depth,
	};
}

static int dsa_async_probe(const struct case_params *p, char *why, size_t len)
{
	return dsa_path_probe(p, many, why, len);
}

static int dsa_async_setup(struct copy_ctx *ctx)
{
	return dsa_path_setup(ctx, many);
}

const struct copy_path path_dsa_async = {
	.name = "dsa-async",
	.what = "by a DSA work queue from user space, several descriptors in flight",
	.class = CLASS_COPY,
	.axes = DSA_PATH_AXES | AXIS_PIECES,
	.probe = dsa_async_probe,
	.setup = dsa_async_setup,
	.submit = dsa_path_submit,
	.wait = dsa_path_wait,
	.teardown = dsa_path_teardown,
};

// SPDX-License-Identifier: GPL-2.0-only
/* Many small copies by a work queue of DSA, handed over as lists. */
#include "dsa/dsa_path.h"
#include "batches.h"

static struct dsa_cut small(const struct case_params *p, const struct dsa_queue_info *queue)
{
	return (struct dsa_cut){ .bytes = batch_bytes(p), .depth = queue->size, .lists = true };
}

static int dsa_batch_probe(const struct case_params *p, char *why, size_t len)
{
	int ret = batch_probe(p, why, len);

	return ret ? ret : dsa_path_probe(p, small, why, len);
}

static int dsa_batch_setup(struct copy_ctx *ctx)
{
	return dsa_path_setup(ctx, small);
}

const struct copy_path path_dsa_batch = {
	.name = "dsa-batch",
	.what = "many small copies by a DSA work queue from user space, in lists",
	.class = CLASS_COPY,
	.axes = DSA_PATH_AXES | AXIS_BATCH,
	.probe = dsa_batch_probe,
	.setup = dsa_batch_setup,
	.submit = dsa_path_submit,
	.wait = dsa_path_wait,
	.teardown = dsa_path_teardown,
};

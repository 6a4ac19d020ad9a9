// SPDX-License-Identifier: GPL-2.0-only
/* A work queue of DSA instead of memcpy: one descriptor in flight, waited for. */
#include "dsa/dsa_path.h"

static struct dsa_cut whole(const struct case_params *p, const struct dsa_queue_info *queue)
{
	(void)queue;
	return (struct dsa_cut){ .bytes = p->size, .depth = 1 };
}

static int dsa_probe(const struct case_params *p, char *why, size_t len)
{
	return dsa_path_probe(p, whole, why, len);
}

static int dsa_setup(struct copy_ctx *ctx)
{
	return dsa_path_setup(ctx, whole);
}

const struct copy_path path_dsa = {
	.name = "dsa",
	.what = "by a DSA work queue from user space, one descriptor in flight",
	.class = CLASS_COPY,
	.axes = DSA_PATH_AXES,
	.probe = dsa_probe,
	.setup = dsa_setup,
	.submit = dsa_path_submit,
	.wait = dsa_path_wait,
	.teardown = dsa_path_teardown,
};

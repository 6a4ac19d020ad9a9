// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_path.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths/engines.h"
#include "dsa_copies.h"
#include "dsa_wait.h"

/* Descriptors of an operation: their lists and records are made beforehand. */
#define MOST_PIECES 65536

struct dsa_path {
	struct dsa_queue_info info;
	struct dsa_copies copies;
};

/* Bytes of the longest piece. */
static uint64_t longest(const struct dsa_queue_info *q)
{
	return q->max_transfer < 1u << 31 ? q->max_transfer : 1u << 31;
}

static uint64_t pieces_of(const struct case_params *p, const struct dsa_cut *cut, uint64_t most)
{
	uint64_t last = p->size % cut->bytes;

	return p->size / cut->bytes * dsa_piece_count(cut->bytes, most) +
	       dsa_piece_count(last, most);
}

static int check(const struct case_params *p, const struct dsa_cut *cut,
		 const struct dsa_queue_info *q, char *why, size_t len)
{
	uint64_t pieces = pieces_of(p, cut, longest(q));

	if (pieces > MOST_PIECES)
		snprintf(why, len, "%" PRIu64 " descriptors an operation, more than %d", pieces,
			 MOST_PIECES);
	else if (cut->depth > q->size)
		snprintf(why, len, "%s takes %u descriptors at a time, not %u", q->name, q->size,
			 cut->depth);
	else if (cut->lists && !q->batches)
		snprintf(why, len, "%s takes no lists of descriptors (%s)", q->name,
			 q->max_batch > 1 ? "op_cap, op_config" : "max_batch_size");
	else if (p->dsa_fault == DSA_FAULT_BLOCK && !q->block_on_fault)
		snprintf(why, len, "%s may not wait for pages (block_on_fault)", q->name);
	else
		return dsa_wait_check(p->dsa_wait, why, len);
	return -EINVAL;
}

int dsa_path_probe(const struct case_params *p, dsa_cutter cutter, char *why, size_t len)
{
	struct dsa_queue_info info;
	struct dsa_cut cut;
	int ret = dsa_path_find(p, &info, why, len);

	if (ret)
		return ret;
	cut = cutter(p, &info);
	ret = check(p, &cut, &info, why, len);
	if (ret)
		return ret;
	return dsa_path_provider(&info, p->dsa_submit, why, len) ? 0 : -ENODEV;
}

/* Cut at what a descriptor may have, each copy for itself. */
static int cut_pieces(struct dsa_path *d, const struct copy_ctx *ctx, const struct dsa_cut *cut)
{
	uint64_t size = ctx->params.size, most = longest(&d->info);
	struct dsa_copies *c = &d->copies;

	c->pieces = calloc(pieces_of(&ctx->params, cut, most), sizeof(*c->pieces));
	if (!c->pieces)
		return -ENOMEM;
	for (uint64_t at = 0, end = 0; at < size;) {
		uint64_t n;

		if (at == end)
			end = size - at < cut->bytes ? size : at + cut->bytes;
		n = end - at < most ? end - at : most;
		c->pieces[c->npieces++] =
			(struct dsa_piece){ ctx->dst + at, ctx->src + at, (uint32_t)n };
		at += n;
	}
	return 0;
}

/* Cut it, for the queue that is open. */
static int make(struct copy_ctx *ctx, struct dsa_path *d, const struct dsa_cut *cut)
{
	const struct case_params *p = &ctx->params;
	struct dsa_manner manner = { p->dsa_wait, p->dsa_fault, p->cc, cut->depth,
				     cut->lists ? d->info.max_batch : 0 };
	int ret = cut_pieces(d, ctx, cut);

	return ret ? ret : dsa_copies_make(&d->copies, &manner);
}

int dsa_path_setup(struct copy_ctx *ctx, dsa_cutter cutter)
{
	const struct case_params *p = &ctx->params;
	struct dsa_path *d = calloc(1, sizeof(*d));
	struct dsa_cut cut;
	int ret;

	if (!d)
		return -ENOMEM;
	ctx->priv = d;
	d->copies.queue.fd = -1;
	ret = dsa_path_find(p, &d->info, ctx->reason, sizeof(ctx->reason));
	if (ret)
		return ret;
	cut = cutter(p, &d->info);
	ret = check(p, &cut, &d->info, ctx->reason, sizeof(ctx->reason));
	if (!ret)
		ret = dsa_queue_open(&d->copies.queue, &d->info, p->dsa_submit, ctx->reason,
				     sizeof(ctx->reason));
	if (ret)
		return ret;
	snprintf(ctx->variant, sizeof(ctx->variant), "%s", dsa_way_names[d->copies.queue.way]);
	return make(ctx, d, &cut);
}

static int told(struct copy_ctx *ctx, int ret)
{
	struct dsa_path *d = ctx->priv;

	ctx->unfinished |= d->copies.lost;
	if (ret)
		snprintf(ctx->reason, sizeof(ctx->reason), "%s: %s", d->info.name,
			 d->copies.reason);
	return ret;
}

int dsa_path_submit(struct copy_ctx *ctx)
{
	struct dsa_path *d = ctx->priv;
	int ret = dsa_copies_begin(&d->copies);

	return ret ? told(ctx, ret) : 0;
}

static void add_sums(struct submission_sums *to, struct dsa_copies *c)
{
	to->ops++;
	to->descriptors += c->npieces;
	to->faults += c->faults;
	to->retries += c->queue.retries;
}

int dsa_path_wait(struct copy_ctx *ctx)
{
	struct dsa_path *d = ctx->priv;
	int ret = dsa_copies_finish(&d->copies);

	if (ret)
		return told(ctx, ret);
	if (ctx->submissions)
		add_sums(ctx->submissions, &d->copies);
	d->copies.faults = d->copies.queue.retries = 0;
	return 0;
}

void dsa_path_teardown(struct copy_ctx *ctx)
{
	struct dsa_path *d = ctx->priv;

	if (!d)
		return;
	dsa_copies_free(&d->copies);
	if (!ctx->unfinished)
		free(d);
}

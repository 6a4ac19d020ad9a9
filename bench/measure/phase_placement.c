// SPDX-License-Identifier: GPL-2.0-only
/* Where the buffers really are, against where they were asked to be. */
#include <errno.h>
#include <stdio.h>

#include "phase.h"

/* Where one buffer is, added to what is known of its side. */
static int look(struct launch_result *r, int side, const void *at, size_t size, char *why,
		size_t len)
{
	struct placement *all = &r->placement[side], here;
	int ret = placement_look(at, size, &here, why, len);

	if (ret)
		return ret;
	if (r->have_placement[side])
		placement_add(all, &here);
	else
		*all = here;
	r->have_placement[side] = true;
	return 0;
}

/*
 * A path with memory of its own has one pair, and says where that is. The second direction's buffers
 * lie the other way round.
 */
static const void *placed(const struct copy_ctx *ctx, int side, unsigned int pair)
{
	if (pair && path_goes_both_ways(&ctx->params))
		side = !side;
	if (pair)
		return side ? ctx->pairs[pair].dst : ctx->pairs[pair].src;
	return side ? ctx->placed_dst : ctx->placed_src;
}

/* All of one side; 1: by its nature it can't be looked at. */
static int look_at_side(struct bench *b, int side)
{
	struct launch_result *r = b->result;
	char why[96];

	for (unsigned int i = 0; i < b->ctx.npairs; i++) {
		const void *at = placed(&b->ctx, side, i);
		int ret = at ? look(r, side, at, b->ctx.pairs[i].size, why, sizeof(why)) : 1;

		if (!ret)
			continue;
		r->have_placement[side] = false;
		if (ret > 0)
			return ret;
		r->status = LAUNCH_SKIPPED;
		snprintf(r->reason, sizeof(r->reason),
			 "placement: where the %s lies can't be seen: %s",
			 side ? "destination" : "source", why);
		return ret;
	}
	return 0;
}

/* One side: where is it? Wrong is a failure; what can't be seen isn't taken for right. */
static int check_side(struct bench *b, int side, int node)
{
	struct launch_result *r = b->result;
	const struct placement *where = &r->placement[side];
	size_t right, wrong = 0;
	int ret = look_at_side(b, side);

	if (ret)
		return ret < 0 ? ret : 0;
	right = node < MAX_NODES ? where->pages[node] : 0;
	for (int i = 0; i < MAX_NODES; i++)
		wrong += where->pages[i];
	wrong = wrong + where->elsewhere - right;
	if (!wrong)
		return 0;
	r->status = LAUNCH_FAILED;
	snprintf(r->reason, sizeof(r->reason),
		 "placement: %zu of %zu pages of the %s aren't on node %d", wrong, wrong + right,
		 side ? "destination" : "source", node);
	return -EXDEV;
}

int phase_placement(struct bench *b)
{
	int ret = check_side(b, 0, b->ctx.params.src_node);

	return ret ? ret : check_side(b, 1, b->ctx.params.dst_node);
}

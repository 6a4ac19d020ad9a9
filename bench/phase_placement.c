// SPDX-License-Identifier: GPL-2.0-only
/* Where the buffers really are, against where they were asked to be. */
#include <errno.h>
#include <stdio.h>

#include "phase.h"

/* Where one buffer is, added to what is known of its side. */
static bool look(struct launch_result *r, int side, const void *at, size_t size)
{
	const struct region region = { (uint8_t *)at, size, (uint8_t *)at, size };
	struct placement *all = &r->placement[side], here;

	if (!at || region_placement(&region, &here))
		return false;
	if (!r->have_placement[side]) {
		*all = here;
		return true;
	}
	placement_add(all, &here);
	return true;
}

/* A path with memory of its own has one pair, and says where that is. */
static const void *placed(const struct copy_ctx *ctx, int side, unsigned int pair)
{
	if (pair)
		return side ? ctx->pairs[pair].dst : ctx->pairs[pair].src;
	return side ? ctx->placed_dst : ctx->placed_src;
}

/* One side: where is it? Wrong is a failure; not to be seen is said as such. */
static int check_side(struct bench *b, int side, int node)
{
	struct launch_result *r = b->result;
	const struct placement *where = &r->placement[side];
	size_t right, wrong = 0;

	for (unsigned int i = 0; i < b->ctx.npairs; i++) {
		r->have_placement[side] =
			look(r, side, placed(&b->ctx, side, i), b->ctx.params.size);
		if (!r->have_placement[side])
			return 0;
	}
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

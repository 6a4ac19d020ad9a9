// SPDX-License-Identifier: GPL-2.0-only
/* Where the buffers really are, against where they were asked to be. */
#include <errno.h>
#include <stdio.h>

#include "phase.h"

/* One side: where is it? Wrong is a failure; not to be seen is said as such. */
static int check_side(struct bench *b, int side, const void *at, int node)
{
	struct launch_result *r = b->result;
	struct region region = { (uint8_t *)at, b->ctx.params.size, (uint8_t *)at,
				 b->ctx.params.size };
	struct placement *where = &r->placement[side];
	size_t right, wrong = 0;

	if (!at || region_placement(&region, where))
		return 0;
	r->have_placement[side] = true;
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
	const struct case_params *p = &b->ctx.params;
	int ret = check_side(b, 0, b->ctx.placed_src, p->src_node);

	return ret ? ret : check_side(b, 1, b->ctx.placed_dst, p->dst_node);
}

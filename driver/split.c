// SPDX-License-Identifier: GPL-2.0-only
/* Pieces: what a single descriptor may move, by both sides and by the engine's limits. */
#include "engine.h"
#include "request.h"
#include "side.h"

/* What of len from addr lies on this side of the segment boundary. */
static size_t within_boundary(const struct engine *engine, dma_addr_t addr, size_t len)
{
	unsigned long last = engine->boundary - (addr & engine->boundary);

	return len - 1 > last ? last + 1 : len;
}

static dma_addr_t bus_address(const struct engine *engine, dma_addr_t addr)
{
#ifdef DMABENCH_BREAK_MAPPING
	u32 iommu = engine_iommu(engine->dev);

	/* For the test that must fail: an address that no mapping gave out. */
	if (iommu == DMABENCH_IOMMU_STRICT || iommu == DMABENCH_IOMMU_LAZY)
		return addr ^ ((dma_get_mask(engine->dev) >> 1) + 1);
#endif
	return addr;
}

/* What follows on the bus from both cursors, as far as it matters. */
static __always_inline size_t run_length(struct cursor *src, struct cursor *dst, size_t len)
{
	cursor_fill(src);
	cursor_fill(dst);
	cursor_join(src, len);
	cursor_join(dst, len);
	return min3(src->left, dst->left, len);
}

/*
 * Of the longest descriptor where there is a shortest one: one that leaves less than that of what
 * follows is shorter by as much.
 */
static noinline size_t leave_enough(const struct engine *engine, struct cursor *src,
				    struct cursor *dst, u64 left)
{
	size_t run = run_length(src, dst, min_t(u64, engine->max_len + engine->min_len, left));
	size_t len = min(run, engine->max_len);

	return run > len && run - len < engine->min_len ? run - engine->min_len : len;
}

/* Of the longest piece of at most left bytes that lies at both cursors. */
size_t piece_length(const struct engine *engine, struct cursor *src, struct cursor *dst, u64 left)
{
	size_t len = engine->limited ? leave_enough(engine, src, dst, left)
				     : run_length(src, dst, min_t(u64, engine->max_len, left));

	len = within_boundary(engine, src->addr, len);
	return within_boundary(engine, dst->addr, len);
}

/*
 * Submit the longest piece, and move the cursors behind it. Under submit_lock; see request_add.
 */
int piece_add(struct dma_request *req, struct cursor *src, struct cursor *dst, u64 left,
	      size_t *done)
{
	struct engine *engine = req->engine;
	size_t len = piece_length(engine, src, dst, left);
	int err;

	err = request_add(req, bus_address(engine, dst->addr), bus_address(engine, src->addr), len);
	if (err)
		return err;
	cursor_advance(src, len);
	cursor_advance(dst, len);
	*done = len;
	return 0;
}

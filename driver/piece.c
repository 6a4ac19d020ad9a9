// SPDX-License-Identifier: GPL-2.0-only
/* Pieces: what a single descriptor may move, by both sides and by the engine's limits. */
#include "dmabench.h"

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

/*
 * Of the longest piece of at most left bytes that lies at both cursors. Where the engine's longest
 * descriptor would leave less of it than the shortest may have, it is shorter by that much.
 */
size_t piece_length(const struct engine *engine, struct cursor *src, struct cursor *dst, u64 left)
{
	size_t run = min_t(u64, engine->max_len + engine->min_len, left), len;

	cursor_fill(src);
	cursor_fill(dst);
	cursor_join(src, run);
	cursor_join(dst, run);
	run = min3(src->left, dst->left, run);
	len = min(run, engine->max_len);
	if (run > len && run - len < engine->min_len)
		len = run - engine->min_len;
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

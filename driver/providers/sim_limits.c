// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulator's limits: it can play an engine that takes only short or aligned
 * descriptors, or none across a boundary. It looks at each that it is given, and counts
 * those that break a limit; they are moved all the same.
 */
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/sizes.h>

#include "sim.h"

#define MAX_ALIGN 12

static unsigned int max_len = SZ_4M;
module_param(max_len, uint, 0644);
MODULE_PARM_DESC(max_len,
		 "bytes of a descriptor at most (default 4 MiB), 0: not said; when it is bound");

static ulong boundary = ULONG_MAX;
module_param(boundary, ulong, 0644);
MODULE_PARM_DESC(boundary, "mask that no descriptor may cross (default: none); when it is bound");

static unsigned int align;
module_param(align, uint, 0644);
MODULE_PARM_DESC(align, "addresses and lengths are multiples of 2^align (0); when it is bound");

static ulong violations;
module_param(violations, ulong, 0444);
MODULE_PARM_DESC(violations, "descriptors that broke a limit");

int sim_limits_apply(struct dma_device *dma, struct device *dev)
{
	unsigned int len = READ_ONCE(max_len), shift = READ_ONCE(align);
	ulong mask = READ_ONCE(boundary);

	if (shift > MAX_ALIGN || (len && len < 1U << shift) || (mask & (mask + 1)) ||
	    mask < (1UL << shift))
		return -EINVAL;
	dma->copy_align = shift;
	dma_set_max_seg_size(dev, len);
	dma_set_seg_boundary(dev, mask);
	return 0;
}

/* One that hasn't said how long a descriptor may be takes any. */
static bool too_long(struct device *dev, size_t len)
{
	unsigned int longest = dev->dma_parms ? dev->dma_parms->max_segment_size : 0;

	return longest && len > longest;
}

static bool crosses(ulong mask, dma_addr_t addr, size_t len)
{
	return (addr & ~(dma_addr_t)mask) != ((addr + len - 1) & ~(dma_addr_t)mask);
}

void sim_limits_check(const struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len)
{
	struct device *dev = chan->device->dev;
	ulong mask = dma_get_seg_boundary(dev);

	if (too_long(dev, len) || crosses(mask, src, len) || crosses(mask, dst, len) ||
	    ((src | dst | len) & ((1UL << chan->device->copy_align) - 1)) ||
	    max(src, dst) + len - 1 > dma_get_mask(dev))
		WRITE_ONCE(violations, violations + 1);
}

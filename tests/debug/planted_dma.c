// SPDX-License-Identifier: GPL-2.0-only
/* Mistakes with the DMA API. */
#include <linux/slab.h>

#include "planted.h"

static void *dma_from(dma_addr_t *addr)
{
	void *buffer = kmalloc(PAGE_SIZE, GFP_KERNEL);

	*addr = buffer && planted_dev ? dma_map_single(planted_dev, buffer, LENGTH, DMA_TO_DEVICE)
				      : DMA_MAPPING_ERROR;
	return buffer;
}

void dma_unchecked(void)
{
	dma_addr_t addr;
	void *buffer = dma_from(&addr);

	if (addr != DMA_MAPPING_ERROR && !zero)
		dma_unmap_single(planted_dev, addr, LENGTH, DMA_TO_DEVICE);
	kfree(buffer);
}

static void dma_unmap_as(size_t size, enum dma_data_direction direction, int times)
{
	dma_addr_t addr;
	void *buffer = dma_from(&addr);

	if (!dma_mapping_error(planted_dev, addr))
		while (times--)
			dma_unmap_single(planted_dev, addr, size, direction);
	kfree(buffer);
}

void dma_twice(void)
{
	dma_unmap_as(LENGTH, DMA_TO_DEVICE, 2);
}

void dma_size(void)
{
	dma_unmap_as(LENGTH / 2, DMA_TO_DEVICE, 1);
}

void dma_direction(void)
{
	dma_unmap_as(LENGTH, DMA_FROM_DEVICE, 1);
}

void dma_kept(void)
{
	dma_unmap_as(LENGTH, DMA_TO_DEVICE, 0);
}

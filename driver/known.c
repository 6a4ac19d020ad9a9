// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of providers: what their source says and they don't. docs/engines.md says what each
 * row means for who copies.
 *
 * A row holds what the file named above it does in the kernel, in the oldest one that we build for
 * where it is in that. What a provider declares needs no number here. A length is one that the
 * provider's prep checks for, or from which on it cuts by itself; where it fills a field of 32 bits
 * and does neither, the row says 1 MiB, more than which no descriptor gets unless somebody asks for
 * it.
 */
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "dmabench.h"
#include "known.h"

#define SERIAL DMABENCH_ENGINE_SERIAL
#define QUEUED DMABENCH_ENGINE_QUEUED
#define SILENT DMABENCH_ENGINE_SILENT
#define HANGS DMABENCH_ENGINE_HANGS
#define PREP_SLEEPS DMABENCH_ENGINE_PREP_SLEEPS
#define PREP_LOCKS DMABENCH_ENGINE_PREP_LOCKS

static const struct known providers[] = {
	/*
	 * drivers/dma/idxd: a work queue is made with WQ_DEFAULT_MAX_XFER and _QUEUE_DEPTH
	 * (idxd.h), and prep looks at the device's limit alone. idxd_alloc_desc sleeps until a
	 * descriptor is free. Who has configured smaller ones must say so, who has larger ones may.
	 */
	{ .driver = "idxd", .max_len = SZ_2M, .room = 16, .flags = QUEUED | PREP_SLEEPS },
	/*
	 * drivers/dma/ioat: prep.c cuts what is longer than the hardware takes by itself;
	 * ioat_check_space_lock takes prep_lock, which ioat_tx_submit_unlock gives back (dma.c).
	 */
	{ .driver = "ioatdma", .max_len = SZ_1M, .flags = QUEUED | PREP_LOCKS },
	/*
	 * drivers/dma/plx_dma.c: prep refuses more than PLX_DESC_SIZE_MASK, and returns with
	 * ring_lock held, which tx_submit gives back.
	 */
	{ .driver = "plx_dma",
	  .max_len = 0x7ffffff,
	  .never_over = 0x7ffffff,
	  .flags = QUEUED | PREP_LOCKS },
	/*
	 * drivers/dma/ptdma: a descriptor's length is a 32-bit word that nobody checks; the next
	 * one starts in the callback of the one before. pt_do_cmd_complete logs an error and calls
	 * back with what starting it returned: 0. pt_terminate_all frees what the engine works on,
	 * and clears interrupts; the engine isn't told.
	 */
	{ .driver = "ptdma", .max_len = SZ_1M, .flags = SERIAL | SILENT, .runs_on = true },
	/*
	 * drivers/dma/amd/ae4dma and ptdma (6.14): the engine's error codes 3 to 5 name an
	 * alignment of 4 bytes. pt_create_desc takes a mutex; errors are logged as ptdma's are.
	 * Terminating ends the queue's fetching and frees what it works on.
	 */
	{ .driver = "ae4dma",
	  .align = 4,
	  .max_len = SZ_1M,
	  .flags = SILENT | PREP_SLEEPS,
	  .runs_on = true },
	/*
	 * drivers/dma/hisi_dma.c: the length's 32 bits are filled unchecked; start_transfer has
	 * one at a time. The interrupt of a failed one prints "task error!" and completes nothing.
	 * hisi_dma_terminate_all pauses the queue for a moment, and doesn't look whether it runs.
	 */
	{ .driver = "hisi_dma", .max_len = SZ_1M, .flags = SERIAL | HANGS, .runs_on = true },
	/*
	 * drivers/dma/mv_xor.c: mv_xor_prep_dma_xor refuses less than MV_XOR_MIN_BYTE_COUNT, and
	 * stops the kernel at more than MV_XOR_MAX_BYTE_COUNT. Errors are printed;
	 * mv_chan_slot_cleanup completes only what has its success bit.
	 */
	{ .driver = "mv_xor",
	  .min_len = 128,
	  .max_len = SZ_16M - 1,
	  .never_over = SZ_16M - 1,
	  .flags = QUEUED | HANGS },
	/*
	 * drivers/dma/bcm2835-dma.c declares its longest segment; its interrupt looks at no error
	 * bit. 4 bytes are what QEMU's model of it needs (hw/dma/bcm2835_dma.c moves words): with
	 * other lengths that never ends.
	 */
	{ .driver = "bcm2835-dma", .align = 4, .flags = SERIAL | SILENT },
	/*
	 * drivers/dma/dw-axi-dmac declares 4096 (MAX_BLOCK_SIZE); axi_chan_handle_err completes a
	 * failed one like a good one, and starts the next.
	 */
	{ .driver = "dw_axi_dmac_platform", .flags = SERIAL | SILENT },
	/*
	 * drivers/dma/pl330.c declares 1900800, for a bus of one byte; dma_pl330_rqcb marks a
	 * descriptor as done whatever the error. pluck_desc clears a used descriptor's callback for
	 * its next user, a device driver perhaps, and leaves callback_result.
	 */
	{ .driver = "dma-pl330", .flags = SERIAL | SILENT, .no_result = true },
	/*
	 * drivers/dma/sf-pdma: sf_pdma_issue_pending does nothing while one is at work, and what
	 * was submitted meanwhile starts only if somebody asks again. sf_pdma_errbh_tasklet, when
	 * it has tried often enough, calls back without a result and goes no further.
	 * sf_pdma_terminate_all frees the descriptor at work twice: also as one of its list.
	 */
	{ .driver = "sf-pdma", .room = 1, .flags = SERIAL | SILENT | HANGS, .runs_on = true },
	/*
	 * drivers/dma/xilinx/zynqmp_dma.c: prep cuts at ZYNQMP_DMA_MAX_TRANS_LEN (1 GiB) by
	 * itself. zynqmp_dma_reset, after an error, completes the first descriptor and drops the
	 * others. Terminating masks the interrupts and frees the descriptors; the channel isn't
	 * told.
	 */
	{ .driver = "xilinx-zynqmp-dma",
	  .max_len = SZ_1G,
	  .flags = QUEUED | SILENT | HANGS,
	  .runs_on = true },
};

const struct known *known_of(const char *driver)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(providers); i++) {
		if (!strcmp(providers[i].driver, driver))
			return &providers[i];
	}
	return NULL;
}

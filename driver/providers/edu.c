// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmabench_edu: a dmaengine provider for QEMU's "edu" PCI device.
 *
 * A copy takes two hops through the 4 KiB buffer in the device: memory to
 * buffer, buffer to memory. A hop moves at most 4095 bytes, since QEMU refuses
 * (by ending itself) a range that touches the buffer's last byte; so a page takes
 * two pairs of hops. A hop can't be cancelled, lasts about 100 ms of the guest's
 * time, and is reported as done even if the IOMMU refused it: believe the data.
 *
 * The device ignores the address bits above its mask, which can't be read from
 * it: dma_bits must be what QEMU was told (dma_mask=, 28 bits by default).
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/wait.h>

#include "deferred_free.h"
#include "vchan.h"

#define EDU_ID 0x00
#define EDU_ID_MASK 0xff
#define EDU_ID_VALUE 0xed
#define EDU_IRQ_STATUS 0x24
#define EDU_IRQ_ACK 0x64
#define EDU_IRQ_DMA BIT(8)
#define EDU_DMA_SRC 0x80
#define EDU_DMA_DST 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_CMD 0x98
#define EDU_CMD_RUN BIT(0)
#define EDU_CMD_TO_MEMORY BIT(1)
#define EDU_CMD_IRQ BIT(2)

#define EDU_BUFFER 0x40000
#define EDU_MAX_HOP 4095
/* What one descriptor may hold: a page, as scatter-gather lists come in pages. */
#define EDU_MAX_DESCRIPTOR PAGE_SIZE
/* What each PCI device has until its driver says something: see pci_device_add. */
#define MAX_LEN_OF_PCI SZ_64K
/* A hop takes 100 ms; a slow host may stretch that. */
#define EDU_HOP_TIMEOUT_MS 5000

static unsigned int dma_bits = 28;
module_param(dma_bits, uint, 0444);
MODULE_PARM_DESC(dma_bits, "address bits of the device, as QEMU was told (default 28)");

static unsigned int max_len = EDU_MAX_DESCRIPTOR;
module_param(max_len, uint, 0644);
MODULE_PARM_DESC(max_len, "bytes of a descriptor that it says it takes, 0: none; when it is bound");

struct edu {
	struct dma_device dma;
	struct deferred_free later;
	struct vchan vc;
	struct pci_dev *pdev;
	void __iomem *regs;
	int irq;
	/* The hop at work, under vc.lock. */
	bool to_memory;
	size_t hop;
	size_t moved;
	struct list_head finished; /* moved, callback still to be called */
	wait_queue_head_t idle;
};

static struct edu *to_edu(struct dma_chan *chan)
{
	return container_of(to_vchan(chan), struct edu, vc);
}

/* Under vc.lock. */
static void start_hop(struct edu *edu, bool to_memory)
{
	const struct vdesc *desc = edu->vc.current_desc;
	u32 cmd = EDU_CMD_RUN | EDU_CMD_IRQ;

	edu->to_memory = to_memory;
	edu->hop = min_t(size_t, desc->len - edu->moved, EDU_MAX_HOP);
	if (to_memory) {
		writeq(EDU_BUFFER, edu->regs + EDU_DMA_SRC);
		writeq(desc->dst + edu->moved, edu->regs + EDU_DMA_DST);
		cmd |= EDU_CMD_TO_MEMORY;
	} else {
		writeq(desc->src + edu->moved, edu->regs + EDU_DMA_SRC);
		writeq(EDU_BUFFER, edu->regs + EDU_DMA_DST);
	}
	writeq(edu->hop, edu->regs + EDU_DMA_COUNT);
	writel(cmd, edu->regs + EDU_DMA_CMD);
}

/* Under vc.lock. */
static void start_next(struct edu *edu)
{
	if (edu->vc.current_desc || edu->vc.gone)
		return;
	edu->moved = 0;
	if (vchan_next(&edu->vc))
		start_hop(edu, false);
}

/* Under vc.lock: a hop has ended. Returns whether finished got longer. */
static bool end_hop(struct edu *edu)
{
	struct vchan *vc = &edu->vc;
	struct vdesc *desc;

	if (!vc->cancelled && !vc->gone) {
		if (!edu->to_memory) {
			start_hop(edu, true);
			return false;
		}
		edu->moved += edu->hop;
		if (edu->moved < vc->current_desc->len) {
			start_hop(edu, false);
			return false;
		}
	}
	desc = vchan_take(vc);
	if (desc)
		list_add_tail(&desc->node, &edu->finished);
	start_next(edu);
	wake_up_all(&edu->idle);
	return desc;
}

static irqreturn_t edu_irq(int irq, void *data)
{
	struct edu *edu = data;
	u32 status = readl(edu->regs + EDU_IRQ_STATUS);
	bool finished = false;

	if (!status)
		return IRQ_NONE;
	writel(status, edu->regs + EDU_IRQ_ACK);
	spin_lock(&edu->vc.lock);
	/* The status can be raised by hand too; only the end of RUN means data. */
	if (status & EDU_IRQ_DMA && edu->vc.current_desc &&
	    !(readl(edu->regs + EDU_DMA_CMD) & EDU_CMD_RUN))
		finished = end_hop(edu);
	spin_unlock(&edu->vc.lock);
	return finished ? IRQ_WAKE_THREAD : IRQ_HANDLED;
}

/* Callbacks run here. */
static irqreturn_t edu_irq_thread(int irq, void *data)
{
	struct edu *edu = data;
	struct vdesc *desc, *next;
	LIST_HEAD(finished);

	spin_lock_irq(&edu->vc.lock);
	list_splice_tail_init(&edu->finished, &finished);
	spin_unlock_irq(&edu->vc.lock);
	list_for_each_entry_safe(desc, next, &finished, node)
		vchan_finish(&edu->vc, desc, true);
	return IRQ_HANDLED;
}

static void edu_issue_pending(struct dma_chan *chan)
{
	struct edu *edu = to_edu(chan);
	unsigned long flags;

	spin_lock_irqsave(&edu->vc.lock, flags);
	vchan_issue(&edu->vc);
	start_next(edu);
	spin_unlock_irqrestore(&edu->vc.lock, flags);
}

/* A hop that doesn't end: take the bus from the device, for good. */
static void cut_off(struct edu *edu)
{
	struct vdesc *desc;

	pci_clear_master(edu->pdev);
	dev_err(&edu->pdev->dev, "a transfer doesn't end; the device is cut off the bus\n");
	spin_lock_irq(&edu->vc.lock);
	edu->vc.gone = true;
	desc = edu->vc.current_desc ? vchan_take(&edu->vc) : NULL;
	spin_unlock_irq(&edu->vc.lock);
	if (desc)
		vchan_finish(&edu->vc, desc, false);
}

static void wait_idle(struct edu *edu)
{
	if (!wait_event_timeout(edu->idle, vchan_idle(&edu->vc),
				msecs_to_jiffies(EDU_HOP_TIMEOUT_MS)))
		cut_off(edu);
}

static void edu_synchronize(struct dma_chan *chan)
{
	struct edu *edu = to_edu(chan);

	/* Once unbound, it was waited for, and the interrupt is freed. */
	if (READ_ONCE(edu->vc.gone))
		return;
	wait_idle(edu);
	synchronize_irq(edu->irq);
}

static void edu_free_resources(struct dma_chan *chan)
{
	vchan_terminate(chan);
	edu_synchronize(chan);
	vchan_free_resources(chan);
}

static void free_at_last(struct deferred_free *later)
{
	kfree(container_of(later, struct edu, later));
}

static void edu_release(struct dma_device *dma)
{
	deferred_free_put(&container_of(dma, struct edu, dma)->later);
}

static void edu_describe(struct edu *edu)
{
	struct dma_device *dma = &edu->dma;

	vchan_describe(dma, &edu->pdev->dev);
	dma->device_issue_pending = edu_issue_pending;
	dma->device_terminate_all = vchan_terminate;
	dma->device_synchronize = edu_synchronize;
	dma->device_free_chan_resources = edu_free_resources;
	dma->device_release = edu_release;
	vchan_init(&edu->vc, dma);
}

/* Registers, bus mastering, addresses, interrupt: all undone by the device core. */
static int edu_setup(struct edu *edu)
{
	struct pci_dev *pdev = edu->pdev;
	u32 cmd;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return err;
	edu->regs = pcim_iomap(pdev, 0, 0);
	if (!edu->regs)
		return -ENOMEM;
	if ((readl(edu->regs + EDU_ID) & EDU_ID_MASK) != EDU_ID_VALUE)
		return dev_err_probe(&pdev->dev, -ENODEV, "this isn't an edu device\n");
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(dma_bits));
	if (err)
		return err;
	dma_set_max_seg_size(&pdev->dev, READ_ONCE(max_len) ?: MAX_LEN_OF_PCI);
	/* A hop that a former driver left behind. */
	err = readl_poll_timeout(edu->regs + EDU_DMA_CMD, cmd, !(cmd & EDU_CMD_RUN), 1000,
				 EDU_HOP_TIMEOUT_MS * 1000);
	if (err)
		return err;
	pci_set_master(pdev);
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (err < 0)
		return err;
	edu->irq = pci_irq_vector(pdev, 0);
	writel(readl(edu->regs + EDU_IRQ_STATUS), edu->regs + EDU_IRQ_ACK);
	return request_threaded_irq(edu->irq, edu_irq, edu_irq_thread, IRQF_SHARED, KBUILD_MODNAME,
				    edu);
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu;
	int err;

	free_deferred();
	edu = kzalloc(sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return -ENOMEM;
	edu->pdev = pdev;
	deferred_free_init(&edu->later, free_at_last);
	init_waitqueue_head(&edu->idle);
	INIT_LIST_HEAD(&edu->finished);
	edu_describe(edu);
	err = edu_setup(edu);
	if (err)
		goto put;
	err = dma_async_device_register(&edu->dma);
	if (err)
		goto irq;
	refcount_inc(&edu->later.users);
	pci_set_drvdata(pdev, edu);
	return 0;
irq:
	free_irq(edu->irq, edu);
put:
	pci_free_irq_vectors(pdev);
	kfree(edu);
	return err;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	dma_async_device_unregister(&edu->dma);
	vchan_abort(&edu->vc);
	wait_idle(edu);
	free_irq(edu->irq, edu);
	pci_free_irq_vectors(pdev);
	pci_clear_master(pdev);
	deferred_free_put(&edu->later);
}

static const struct pci_device_id edu_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, {} };
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
};

static int __init edu_init(void)
{
	return pci_register_driver(&edu_driver);
}
module_init(edu_init);

static void __exit edu_exit(void)
{
	pci_unregister_driver(&edu_driver);
	free_deferred();
}
module_exit(edu_exit);

MODULE_DESCRIPTION("A dmaengine provider for QEMU's edu device");
MODULE_AUTHOR("The dmabench authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(DMABENCH_VERSION);

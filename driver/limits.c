// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an engine's addresses and lengths must be multiples of, and how long a descriptor may be.
 *
 * A provider says so in copy_align and in its device's longest segment. Where it doesn't though its
 * engine needs it, nothing short of a failing copy tells; where it doesn't though its engine takes
 * more than the DMA API's default, descriptors are shorter than they could be. So who loads the
 * module can say it for all channels of a provider. What a provider does say always counts too.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "dmabench.h"

#define MAX_TOLD 8

struct told {
	bool (*good)(unsigned int bytes);
	unsigned int count;
	struct {
		char driver[DMABENCH_NAME_LEN];
		unsigned int bytes;
	} entry[MAX_TOLD];
};

static bool good_align(unsigned int bytes)
{
	return is_power_of_2(bytes) && bytes <= PAGE_SIZE;
}

/* No alignment is above a page, so whole multiples of it are left of any length. */
static bool good_max_len(unsigned int bytes)
{
	return bytes >= PAGE_SIZE && bytes <= MAX_CHUNK;
}

static struct told aligns = { .good = good_align };
static struct told max_lens = { .good = good_max_len };

/* One PROVIDER/BYTES. */
static int tell(struct told *told, const char *word)
{
	const char *slash = strrchr(word, '/');
	size_t len = slash ? slash - word : 0;
	unsigned int bytes;

	if (!len || len >= sizeof(told->entry[0].driver) || kstrtouint(slash + 1, 0, &bytes) ||
	    !told->good(bytes))
		return -EINVAL;
	if (told->count == MAX_TOLD)
		return -ENOSPC;
	memcpy(told->entry[told->count].driver, word, len);
	told->entry[told->count++].bytes = bytes;
	return 0;
}

/* Only while the module is loaded: channels that are open keep what they have. */
static int told_set(const char *value, const struct kernel_param *kp)
{
	char *list = kstrdup(value, GFP_KERNEL), *rest = list, *word;
	int err = 0;

	if (!list)
		return -ENOMEM;
	while (!err && (word = strsep(&rest, ",")))
		err = tell(kp->arg, strim(word));
	kfree(list);
	return err;
}

static int told_get(char *buffer, const struct kernel_param *kp)
{
	const struct told *told = kp->arg;
	int len = 0;
	unsigned int i;

	for (i = 0; i < told->count; i++)
		len += sysfs_emit_at(buffer, len, "%s%s/%u", i ? "," : "", told->entry[i].driver,
				     told->entry[i].bytes);
	return len + sysfs_emit_at(buffer, len, "\n");
}

static const struct kernel_param_ops told_ops = { .set = told_set, .get = told_get };

module_param_cb(align, &told_ops, &aligns, 0444);
MODULE_PARM_DESC(align, "PROVIDER/BYTES,...: what engines need whose providers don't say so");
module_param_cb(max_len, &told_ops, &max_lens, 0444);
MODULE_PARM_DESC(max_len, "PROVIDER/BYTES,...: longest descriptor where providers don't say it");

/* The larger one counts. */
size_t chan_align(const struct dma_chan *chan)
{
	const char *driver = dev_driver_string(chan->device->dev);
	size_t align = (size_t)1 << chan->device->copy_align;
	unsigned int i;

	for (i = 0; i < aligns.count; i++) {
		if (!strcmp(aligns.entry[i].driver, driver))
			align = max_t(size_t, align, aligns.entry[i].bytes);
	}
	return align;
}

/* The shortest one counts; the DMA API's default only where nobody says anything. */
size_t chan_max_len(struct dma_chan *chan)
{
	const char *driver = dev_driver_string(chan->device->dev);
	struct device *dev = dmaengine_get_dma_device(chan);
	bool said = dev->dma_parms && dev->dma_parms->max_segment_size;
	size_t len = dma_get_max_seg_size(dev);
	unsigned int i;

	for (i = 0; i < max_lens.count; i++) {
		if (strcmp(max_lens.entry[i].driver, driver))
			continue;
		len = said ? min_t(size_t, len, max_lens.entry[i].bytes) : max_lens.entry[i].bytes;
		said = true;
	}
	return round_down(len, chan_align(chan));
}

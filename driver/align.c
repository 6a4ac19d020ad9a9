// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an engine's addresses and lengths must be multiples of.
 *
 * A provider says so in copy_align. Where it doesn't though its engine needs it, nothing
 * short of a failing copy tells; so who loads the module can say it for all channels of a
 * provider. The larger of both counts.
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

static struct {
	char driver[DMABENCH_NAME_LEN];
	unsigned int align;
} told[MAX_TOLD];
static unsigned int told_count;

/* One PROVIDER/BYTES. */
static int tell(const char *word)
{
	const char *slash = strrchr(word, '/');
	size_t len = slash ? slash - word : 0;
	unsigned int align;

	if (!len || len >= sizeof(told[0].driver) || kstrtouint(slash + 1, 0, &align))
		return -EINVAL;
	if (!is_power_of_2(align) || align > PAGE_SIZE)
		return -EINVAL;
	if (told_count == MAX_TOLD)
		return -ENOSPC;
	memcpy(told[told_count].driver, word, len);
	told[told_count++].align = align;
	return 0;
}

/* Only while the module is loaded: channels that are open keep what they have. */
static int align_set(const char *value, const struct kernel_param *kp)
{
	char *list = kstrdup(value, GFP_KERNEL), *rest = list, *word;
	int err = 0;

	if (!list)
		return -ENOMEM;
	while (!err && (word = strsep(&rest, ",")))
		err = tell(strim(word));
	kfree(list);
	return err;
}

static int align_get(char *buffer, const struct kernel_param *kp)
{
	int len = 0;
	unsigned int i;

	for (i = 0; i < told_count; i++)
		len += sysfs_emit_at(buffer, len, "%s%s/%u", i ? "," : "", told[i].driver,
				     told[i].align);
	return len + sysfs_emit_at(buffer, len, "\n");
}

static const struct kernel_param_ops align_ops = { .set = align_set, .get = align_get };

module_param_cb(align, &align_ops, NULL, 0444);
MODULE_PARM_DESC(align, "PROVIDER/BYTES,...: what engines need whose providers don't say so");

size_t chan_align(const struct dma_chan *chan)
{
	const char *driver = dev_driver_string(chan->device->dev);
	size_t align = (size_t)1 << chan->device->copy_align;
	unsigned int i;

	for (i = 0; i < told_count; i++) {
		if (!strcmp(told[i].driver, driver))
			align = max_t(size_t, align, told[i].align);
	}
	return align;
}

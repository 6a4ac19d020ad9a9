// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an engine's addresses and lengths must be multiples of, how long a descriptor may be, and
 * how many there may be at once.
 *
 * A provider says so in copy_align and in its device's longest segment. Where it doesn't though its
 * engine needs it, nothing short of a failing copy tells; where it doesn't though its engine takes
 * more than the DMA API's default, descriptors are shorter than they could be. So who loads the
 * module can say it for all channels of a provider. What a provider does say always counts too, and
 * so does what is known of some providers that don't (known.c).
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "dmabench.h"
#include "engine.h"
#include "known.h"

#define MAX_TOLD 8
#define MAX_ROOM 65536

struct told {
	bool (*good)(unsigned int number);
	unsigned int count;
	struct {
		char driver[DMABENCH_NAME_LEN];
		unsigned int number;
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

static bool good_room(unsigned int descriptors)
{
	return descriptors && descriptors <= MAX_ROOM;
}

static struct told aligns = { .good = good_align };
static struct told max_lens = { .good = good_max_len };
static struct told rooms = { .good = good_room };

/* One PROVIDER/NUMBER. */
static int tell(struct told *told, const char *word)
{
	const char *slash = strrchr(word, '/');
	size_t len = slash ? slash - word : 0;
	unsigned int number;

	if (!len || len >= sizeof(told->entry[0].driver) || kstrtouint(slash + 1, 0, &number) ||
	    !told->good(number))
		return -EINVAL;
	if (told->count == MAX_TOLD)
		return -ENOSPC;
	memcpy(told->entry[told->count].driver, word, len);
	told->entry[told->count++].number = number;
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
				     told->entry[i].number);
	return len + sysfs_emit_at(buffer, len, "\n");
}

static const struct kernel_param_ops told_ops = { .set = told_set, .get = told_get };

module_param_cb(align, &told_ops, &aligns, 0444);
MODULE_PARM_DESC(align, "PROVIDER/BYTES,...: what engines need whose providers don't say so");
module_param_cb(max_len, &told_ops, &max_lens, 0444);
MODULE_PARM_DESC(max_len, "PROVIDER/BYTES,...: longest descriptor where providers don't say it");

module_param_cb(room, &told_ops, &rooms, 0444);
MODULE_PARM_DESC(room, "PROVIDER/N,...: descriptors in flight on a channel, where full ones wait");

/* The next number that was told of a provider, from *i on; 0: none. */
static unsigned int told_next(const struct told *told, const char *driver, unsigned int *i)
{
	while (*i < told->count) {
		unsigned int at = (*i)++;

		if (!strcmp(told->entry[at].driver, driver))
			return told->entry[at].number;
	}
	return 0;
}

/* The largest one counts. */
static void align_of(const struct dma_chan *chan, const struct known *known, const char *driver,
		     struct chan_limits *limits)
{
	unsigned int i = 0, bytes;

	limits->align = (size_t)1 << chan->device->copy_align;
	limits->align_by = chan->device->copy_align ? DMABENCH_BY_PROVIDER : DMABENCH_BY_DEFAULT;
	if (known->align > limits->align) {
		limits->align = known->align;
		limits->align_by = DMABENCH_BY_TABLE;
	}
	while ((bytes = told_next(&aligns, driver, &i))) {
		if (bytes > limits->align) {
			limits->align = bytes;
			limits->align_by = DMABENCH_BY_PARAMETER;
		}
	}
}

/* On PCI, 64 KiB is what the bus gives each device when it finds it. */
static bool says_max_len(const struct device *dev)
{
	unsigned int len = dev->dma_parms ? dev->dma_parms->max_segment_size : 0;

	return len && !(dev_is_pci(dev) && len == SZ_64K);
}

static void shorten(struct chan_limits *limits, size_t len, u8 by)
{
	if (len >= limits->max_len)
		return;
	limits->max_len = len;
	limits->max_len_by = by;
}

/*
 * The shortest one counts that the provider says or the module was told; without either what is
 * known, or else the DMA API's default. And never more than is known to be never exceeded.
 */
static void max_len_of(struct dma_chan *chan, const struct known *known, const char *driver,
		       struct chan_limits *limits)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	unsigned int i = 0, bytes;

	limits->max_len = SIZE_MAX;
	if (says_max_len(dev))
		shorten(limits, dma_get_max_seg_size(dev), DMABENCH_BY_PROVIDER);
	while ((bytes = told_next(&max_lens, driver, &i)))
		shorten(limits, bytes, DMABENCH_BY_PARAMETER);
	if (limits->max_len == SIZE_MAX && known->max_len)
		shorten(limits, known->max_len, DMABENCH_BY_TABLE);
	if (limits->max_len == SIZE_MAX)
		shorten(limits, dma_get_max_seg_size(dev), DMABENCH_BY_DEFAULT);
	if (known->never_over)
		shorten(limits, known->never_over, DMABENCH_BY_TABLE);
}

/* What was told last counts, also against what is known. */
static void room_of(const struct known *known, const char *driver, struct chan_limits *limits)
{
	unsigned int i = 0, told;

	limits->room = known->room;
	limits->room_by = known->room ? DMABENCH_BY_TABLE : DMABENCH_BY_NOBODY;
	while ((told = told_next(&rooms, driver, &i))) {
		limits->room = told;
		limits->room_by = DMABENCH_BY_PARAMETER;
	}
}

void chan_limits(struct dma_chan *chan, struct chan_limits *limits)
{
	static const struct known nothing;
	const char *driver = dev_driver_string(chan->device->dev);
	const struct known *known = known_of(driver) ?: &nothing;

	align_of(chan, known, driver, limits);
	max_len_of(chan, known, driver, limits);
	limits->max_len = round_down(limits->max_len, limits->align);
	limits->min_len = known->min_len;
	limits->min_len_by = known->min_len ? DMABENCH_BY_TABLE : DMABENCH_BY_NOBODY;
	room_of(known, driver, limits);
	limits->no_result = known->no_result;
	limits->flags = known->flags | (known->driver ? DMABENCH_ENGINE_KNOWN : 0);
	if (chan->device->device_terminate_all && !known->runs_on)
		limits->flags |= DMABENCH_ENGINE_TERMINATE;
}

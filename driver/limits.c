// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an engine's addresses and lengths must be multiples of, how long a descriptor may be, and
 * how many there may be at once.
 *
 * A provider says so in copy_align and in its device's longest segment. Where it doesn't though its
 * engine needs it, nothing short of a failing copy tells; where it doesn't though its engine takes
 * more than the DMA API's default, descriptors are shorter than they could be. So who loads the
 * module can say it for all channels of a provider. What a provider does say always counts too, and
 * so does what is known here of some providers that don't.
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

#define MAX_TOLD 8
#define MAX_ROOM 65536

/* Of providers that don't say it, from their source; no parameter goes beyond the lengths. */
struct known {
	const char *driver;
	size_t min_len;
	size_t max_len;
	unsigned int room;
};

static const struct known known[] = {
	/* mv_xor_prep_dma_xor refuses shorter ones for good; longer ones stop the kernel. */
	{ .driver = "mv_xor", .min_len = 128, .max_len = SZ_16M - 1 },
	/*
	 * idxd_alloc_desc waits until a descriptor of the work queue is free, without an end. How
	 * many a queue has is configured: this is meant to be on the safe side. Who has a smaller
	 * one must say so, and who has a larger one may.
	 */
	{ .driver = "idxd", .room = 16 },
};

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

static const struct known *known_of(const char *driver)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strcmp(known[i].driver, driver))
			return &known[i];
	}
	return NULL;
}

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

/* The larger one counts. */
static size_t align_of(const struct dma_chan *chan, const char *driver)
{
	size_t align = (size_t)1 << chan->device->copy_align;
	unsigned int i = 0, bytes;

	while ((bytes = told_next(&aligns, driver, &i)))
		align = max_t(size_t, align, bytes);
	return align;
}

/* On PCI, 64 KiB is what the bus gives each device when it finds it. */
static bool says_max_len(const struct device *dev)
{
	unsigned int len = dev->dma_parms ? dev->dma_parms->max_segment_size : 0;

	return len && !(dev_is_pci(dev) && len == SZ_64K);
}

/* The shortest one counts; the DMA API's default only where nobody says anything. */
static size_t max_len_of(struct dma_chan *chan, const char *driver)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	bool said = says_max_len(dev);
	size_t len = dma_get_max_seg_size(dev);
	unsigned int i = 0, bytes;

	while ((bytes = told_next(&max_lens, driver, &i))) {
		len = said ? min_t(size_t, len, bytes) : bytes;
		said = true;
	}
	return len;
}

/* What was told last counts, also against what is known. */
static unsigned int room_of(const char *driver, unsigned int room)
{
	unsigned int i = 0, told;

	while ((told = told_next(&rooms, driver, &i)))
		room = told;
	return room;
}

void chan_limits(struct dma_chan *chan, struct chan_limits *limits)
{
	const char *driver = dev_driver_string(chan->device->dev);
	const struct known *known = known_of(driver);
	size_t len = max_len_of(chan, driver);

	if (known && known->max_len)
		len = min(len, known->max_len);
	limits->align = align_of(chan, driver);
	limits->min_len = known ? known->min_len : 0;
	limits->max_len = round_down(len, limits->align);
	limits->room = room_of(driver, known ? known->room : 0);
}

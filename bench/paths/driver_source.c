// SPDX-License-Identifier: GPL-2.0-only
#include "driver_source.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "machine/files.h"
#include "machine/platform.h"
#include "driver.h"

static int driver_list(struct dmabench_engine_info *engines, char *why, size_t len)
{
	int fd = driver_open(why, len), count;

	if (fd < 0)
		return fd;
	count = driver_engines(fd, engines, why, len);
	close(fd);
	return count;
}

static const char *driver_kind(const struct dmabench_engine_info *e)
{
	return engine_kind(e->driver, e->device);
}

static const char *driver_reason(const struct dmabench_engine_info *e)
{
	(void)e;
	return "it could not be stopped once; reload it";
}

/* Devices of one group share an IOMMU domain. Null without an IOMMU. */
static json_t *iommu_group(const char *channel)
{
	char path[96], target[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/class/dma/%s/device/iommu_group", channel);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return json_null();
	target[n] = '\0';
	return json_string(strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
}

static int mask_bits(__u64 mask)
{
	int bits = 0;

	for (; mask; mask >>= 1)
		bits++;
	return bits;
}

/* Who said a limit, as DMABENCH_BY_*; a driver that says it in another way is newer than we are. */
static json_t *said_by(__u8 by)
{
	static const char *const who[] = {
		[DMABENCH_BY_DEFAULT] = "default",
		[DMABENCH_BY_PROVIDER] = "provider",
		[DMABENCH_BY_TABLE] = "table",
		[DMABENCH_BY_PARAMETER] = "parameter",
	};

	return by < sizeof(who) / sizeof(who[0]) && who[by] ? json_string(who[by]) : json_null();
}

/* What the driver's table knows of its provider; null: it isn't in there. */
static json_t *engine_behaviour(const struct dmabench_engine_info *e)
{
	static const struct {
		__u32 flag;
		const char *name;
	} known[] = {
		{ DMABENCH_ENGINE_SERIAL, "serial" },
		{ DMABENCH_ENGINE_QUEUED, "queued" },
		{ DMABENCH_ENGINE_SILENT, "silent" },
		{ DMABENCH_ENGINE_HANGS, "hangs" },
		{ DMABENCH_ENGINE_PREP_SLEEPS, "prep_sleeps" },
		{ DMABENCH_ENGINE_PREP_LOCKS, "prep_locks" },
	};
	json_t *list;

	if (!(e->flags & DMABENCH_ENGINE_KNOWN))
		return json_null();
	list = json_array();
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (e->flags & known[i].flag)
			json_array_append_new(list, json_string(known[i].name));
	return list;
}

static json_t *driver_limits(const struct dmabench_engine_info *e)
{
	json_t *all = json_pack("{s:o,s:I,s:i,s:i,s:i,s:{s:o,s:o,s:o,s:o}}", "iommu_group",
				iommu_group(e->name), "max_len", (json_int_t)e->max_len, "align",
				(int)e->align, "min_len", (int)e->min_len, "room", (int)e->room,
				"said_by", "max_len", said_by(e->max_len_by), "align",
				said_by(e->align_by), "min_len", said_by(e->min_len_by), "room",
				said_by(e->room_by));

	json_object_update_new(all, json_pack("{s:s?}", "coherent_memory",
					      platform_coherent_memory(e->name)));
	json_object_update_new(all, json_pack("{s:I,s:b,s:o}", "dma_bits",
					      (json_int_t)mask_bits(e->dma_mask), "stoppable",
					      !!(e->flags & DMABENCH_ENGINE_TERMINATE), "behaviour",
					      engine_behaviour(e)));
	return all;
}

/* Channels that the kernel has, of whatever kind: only our driver says which of them can copy. */
static bool driver_present(void)
{
	DIR *dir = sys_folder("/sys/class/dma");
	struct dirent *entry;
	bool any = false;

	while (dir && (entry = readdir(dir)))
		any |= entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return any;
}

const struct engine_source driver_source = {
	.name = "dmaengine",
	.present = driver_present,
	.list = driver_list,
	.kind = driver_kind,
	.reason = driver_reason,
	.limits = driver_limits,
};

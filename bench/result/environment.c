// SPDX-License-Identifier: GPL-2.0-only
#include "environment.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine/clock.h"
#include "machine/cpuinfo.h"
#include "machine/files.h"
#include "machine/identity.h"
#include "machine/platform.h"
#include "machine/settings.h"
#include "machine/warnings.h"
#include "paths/driver.h"
#include "dsa_engines.h"

/* The first line of a file, null if it isn't there. */
static json_t *line_of(const char *path)
{
	char line[512];

	return read_line(path, line, sizeof(line)) ? json_null() : json_string(line);
}

static json_t *mitigations(void)
{
	static const char dir[] = "/sys/devices/system/cpu/vulnerabilities";
	json_t *all = json_object();
	DIR *d = sys_folder(dir);
	struct dirent *entry;
	char path[512];

	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		json_object_set_new(all, entry->d_name, line_of(path));
	}
	if (d)
		closedir(d);
	return all;
}

static json_t *iommu_present(void)
{
	DIR *d = sys_folder("/sys/class/iommu");
	struct dirent *entry;
	bool any = false;

	while (d && (entry = readdir(d)))
		any |= entry->d_name[0] != '.';
	if (d)
		closedir(d);
	return json_string(any ? "present" : "none");
}

/*
 * The kernel's parameters that bear on copies, and no others: a command line may hold
 * what its owner doesn't want in a file that is passed on.
 */
static json_t *kernel_parameters(void)
{
	static const char *const relevant[] = {
		"mitigations",
		"iommu",
		"intel_iommu",
		"amd_iommu",
		"arm-smmu",
		"arm-smmu-v3",
		"cma",
		"swiotlb",
		"isolcpus",
		"nohz_full",
		"rcu_nocbs",
		"default_hugepagesz",
		"hugepagesz",
		"hugepages",
		"transparent_hugepage",
		"intel_pstate",
		"amd_pstate",
		"intel_idle.max_cstate",
		"processor.max_cstate",
		"idle",
		"nosmt",
		"numa_balancing",
		"tsc",
		"clocksource",
		"mem",
		"memmap",
		"numa",
	};
	char line[4096], kept[1024] = "", *rest = line, *word;
	size_t used = 0;

	read_line("/proc/cmdline", line, sizeof(line));
	while ((word = strsep(&rest, " ")) && strcmp(word, "--")) {
		size_t len = strcspn(word, "=");

		for (size_t i = 0; i < sizeof(relevant) / sizeof(relevant[0]); i++) {
			/* "iommu" stands for "iommu.strict" too. */
			size_t n = strlen(relevant[i]);

			if (strncmp(word, relevant[i], n) || (len != n && word[n] != '.'))
				continue;
			if (used < sizeof(kept))
				used += (size_t)snprintf(kept + used, sizeof(kept) - used, "%s%s",
							 used ? " " : "", word);
			break;
		}
	}
	return json_string(kept);
}

/* Facts that stay: what changes from one moment to the next is the state's. */
static json_t *conditions(void)
{
	json_t *all, *settings = settings_read(true);
	struct utsname name;

	uname(&name);
	all = json_pack("{s:s,s:s,s:o,s:o,s:o,s:o}", "kernel", name.release, "kernel_build",
			name.version, "kernel_parameters", kernel_parameters(), "microcode",
			cpuinfo("microcode"), "iommu", iommu_present(), "mitigations",
			mitigations());
	json_object_update(all, settings);
	json_decref(settings);
	return all;
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

static json_t *describe_engine(const struct dmabench_engine_info *e)
{
	bool usable = !(e->flags & DMABENCH_ENGINE_POISONED);
	json_t *limits = json_pack("{s:I,s:i,s:i,s:i,s:{s:o,s:o,s:o,s:o}}", "max_len",
				   (json_int_t)e->max_len, "align", (int)e->align, "min_len",
				   (int)e->min_len, "room", (int)e->room, "said_by", "max_len",
				   said_by(e->max_len_by), "align", said_by(e->align_by), "min_len",
				   said_by(e->min_len_by), "room", said_by(e->room_by));
	json_t *all = json_pack("{s:s,s:s,s:s,s:s,s:i,s:s,s:o}", "name", e->name, "driver",
				e->driver, "device", e->device, "kind",
				engine_kind(e->driver, e->device), "node", e->node, "iommu",
				iommu_name(e->iommu), "iommu_group", iommu_group(e->name));

	json_object_update(all, limits);
	json_decref(limits);
	limits = json_pack("{s:I,s:b,s:o,s:b,s:s?}", "dma_bits", (json_int_t)mask_bits(e->dma_mask),
			   "stoppable", !!(e->flags & DMABENCH_ENGINE_TERMINATE), "behaviour",
			   engine_behaviour(e), "usable", usable, "reason",
			   usable ? NULL : "it could not be stopped once; reload it");
	json_object_update(all, limits);
	json_decref(limits);
	return all;
}

json_t *environment_engines(void)
{
	struct dmabench_engine_info engines[MAX_ENGINES];
	json_t *list = json_array();
	char why[128];
	int fd = driver_open(why, sizeof(why)), count = 0;

	if (fd >= 0) {
		count = driver_engines(fd, engines, why, sizeof(why));
		close(fd);
	}
	for (int i = 0; i < count; i++)
		json_array_append_new(list, describe_engine(&engines[i]));
	dsa_engines_add(list);
	return list;
}

json_t *environment(const char *id)
{
	json_t *now = conditions();
	struct clock_info clock;

	clock_examine(&clock);
	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:{s:s,s:f,s:f},s:o}", "id", id, "platform",
			 platform_name(), "identity", identity(), "warnings",
			 warnings_of(now, NULL), "conditions", now, "clock", "source", clock.source,
			 "resolution_ns", clock.resolution_ns, "cost_ns", clock.cost_ns, "engines",
			 environment_engines());
}

void environment_set_state(json_t *env, json_t *state)
{
	if (!state)
		return;
	json_object_set_new(env, "warnings",
			    warnings_of(json_object_get(env, "conditions"), state));
	json_object_set_new(env, "state", state);
}

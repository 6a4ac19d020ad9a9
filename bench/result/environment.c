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
#include "engines_json.h"

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

json_t *environment(const char *id, unsigned int families)
{
	json_t *now = conditions();
	struct clock_info clock;

	clock_examine(&clock);
	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:{s:s,s:f,s:f},s:o,s:o}", "id", id, "platform",
			 platform_name(), "identity", identity(), "warnings",
			 warnings_of(now, NULL), "conditions", now, "clock", "source", clock.source,
			 "resolution_ns", clock.resolution_ns, "cost_ns", clock.cost_ns, "engines",
			 engines_json(families), "engines_unlisted", engines_unlisted(families));
}

void environment_set_state(json_t *env, json_t *state)
{
	if (!state)
		return;
	json_object_set_new(env, "warnings",
			    warnings_of(json_object_get(env, "conditions"), state));
	json_object_set_new(env, "state", state);
}

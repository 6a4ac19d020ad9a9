// SPDX-License-Identifier: GPL-2.0-only
#include "identity.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cpuinfo.h"
#include "files.h"
#include "nodes.h"
#include "platform.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static json_t *count_sockets(void)
{
	char path[128], line[32];
	int cpus[MAX_CPUS];
	size_t n = sys_numbered("/sys/devices/system/cpu", "cpu", cpus, MAX_CPUS);
	long highest = -1;

	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%d/topology/physical_package_id", cpus[i]);
		if (!read_line(path, line, sizeof(line)) && atol(line) > highest)
			highest = atol(line);
	}
	return highest < 0 ? json_null() : json_integer(highest + 1);
}

json_t *identity_node_bytes(int node)
{
	unsigned long long bytes;

	return node_bytes(node, &bytes) ? json_null() : json_integer((json_int_t)bytes);
}

static json_t *describe_nodes(void)
{
	json_t *nodes = json_array();

	for (int node = 0; node <= node_last(); node++) {
		json_t *cpus = json_array(), *distances = json_array();
		int list[MAX_CPUS];
		unsigned int n;

		if (!node_exists(node))
			continue;
		n = node_cpus(node, list);
		for (unsigned int i = 0; i < n; i++)
			json_array_append_new(cpus, json_integer(list[i]));
		for (int to = 0; to <= node_last(); to++)
			if (node_exists(to))
				json_array_append_new(distances,
						      json_integer(node_distance(node, to)));
		json_array_append_new(nodes, json_pack("{s:i,s:o,s:o,s:o}", "id", node, "cpus",
						       cpus, "bytes", identity_node_bytes(node),
						       "distances", distances));
	}
	return nodes;
}

/* A driver that is bound to a device has more in its folder than what all drivers have. */
static bool has_device(const char *folder)
{
	static const char *const usual[] = { "bind",   "unbind", "uevent",
					     "module", "new_id", "remove_id" };
	DIR *d = sys_folder(folder);
	struct dirent *entry;
	bool any = false;

	while (d && (entry = readdir(d))) {
		bool of_all = entry->d_name[0] == '.';

		for (size_t i = 0; i < COUNT(usual); i++)
			of_all |= !strcmp(entry->d_name, usual[i]);
		any |= !of_all;
	}
	if (d)
		closedir(d);
	return any;
}

static bool is_there(const char *path)
{
	FILE *f = sys_file(path);

	if (!f)
		return false;
	fclose(f);
	return true;
}

/* Who gives this machine memory and takes it away while it runs; NULL: nobody. */
static json_t *memory_changed_by(void)
{
	static const struct {
		const char *name, *folder;
	} folders[] = {
		{ "virtio_balloon", "/sys/bus/virtio/drivers/virtio_balloon" },
		{ "virtio_mem", "/sys/bus/virtio/drivers/virtio_mem" },
		{ "hv_balloon", "/sys/bus/vmbus/drivers/hv_balloon" },
		{ "xen_memory", "/sys/devices/system/xen_memory" },
		{ "vmw_balloon", "/sys/module/vmw_balloon" },
		{ "cmm", "/sys/devices/system/cmm" },
	};
	char all[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < COUNT(folders); i++)
		if (has_device(folders[i].folder))
			used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s",
						 used ? ", " : "", folders[i].name);
	if (is_there("/proc/sys/vm/cmm_pages"))
		snprintf(all + used, sizeof(all) - used, "%scmm_pages", used ? ", " : "");
	return *all ? json_string(all) : NULL;
}

/* What the firmware said there was when the machine was started; NULL: it can't be seen. */
static json_t *memory_boot_bytes(void)
{
	static const char folder[] = "/sys/firmware/memmap";
	unsigned long long bytes = 0;
	int entries[256];
	size_t n = sys_numbered(folder, "", entries, COUNT(entries));

	/* Xen's balloon adds what it is given. */
	if (has_device("/sys/devices/system/xen_memory"))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		char path[64], start[32], end[32], type[32];

		snprintf(path, sizeof(path), "%s/%d/start", folder, entries[i]);
		read_line(path, start, sizeof(start));
		snprintf(path, sizeof(path), "%s/%d/end", folder, entries[i]);
		read_line(path, end, sizeof(end));
		snprintf(path, sizeof(path), "%s/%d/type", folder, entries[i]);
		read_line(path, type, sizeof(type));
		if (!strcmp(type, "System RAM"))
			bytes += strtoull(end, NULL, 0) - strtoull(start, NULL, 0) + 1;
	}
	return bytes ? json_integer((json_int_t)bytes) : NULL;
}

/*
 * The board's name by the device tree or the kernel; by DMI only where CPUs have no names,
 * as those say less. NULL: there is none.
 */
static json_t *machine_name(bool by_dmi)
{
	char model[256], vendor[128], product[128];
	json_t *name;

	if (!read_line("/proc/device-tree/model", model, sizeof(model)) && *model)
		return json_string(model);
	name = cpuinfo("machine");
	if (json_is_string(name))
		return name;
	json_decref(name);
	read_line("/sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor));
	read_line("/sys/class/dmi/id/product_name", product, sizeof(product));
	if (!by_dmi || !*product)
		return NULL;
	snprintf(model, sizeof(model), "%s%s%s", vendor, *vendor ? " " : "", product);
	return json_string(model);
}

json_t *identity(void)
{
	const char *hypervisor = platform_hypervisor();
	json_t *ids = cpu_ids(), *changed_by = memory_changed_by();
	unsigned long long kib = 0;
	bool known = !read_key("/proc/meminfo", "MemTotal:", &kib) && kib;
	struct utsname name;
	int cpus[MAX_CPUS];

	uname(&name);
	return json_pack("{s:o,s:o*,s:o,s:o,s:o,s:s,s:o*,s:i,s:o,s:o,s:o,s:o*,s:o*,s:s?}",
			 "cpu_model", cpu_model(), "cpu_ids", ids, "cpu_family", cpu_family(),
			 "cpu_model_number", cpu_number(), "cpu_stepping", cpu_stepping(), "arch",
			 name.machine, "machine", machine_name(ids), "cpus",
			 (int)node_cpus(-1, cpus), "sockets", count_sockets(), "nodes",
			 describe_nodes(), "memory_bytes",
			 known ? json_integer((json_int_t)(kib * 1024)) : json_null(),
			 "memory_changed_by", changed_by, "memory_boot_bytes",
			 changed_by ? memory_boot_bytes() : NULL, "hypervisor", hypervisor);
}

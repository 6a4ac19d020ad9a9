// SPDX-License-Identifier: GPL-2.0-only
#include "gpus.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "machine/files.h"
#include "machine/platform.h"

#define NVIDIA_VENDOR 0x10de
/* The major number of /dev/nvidiactl and /dev/nvidiaN, fixed since there has been a driver. */
#define NVIDIA_MAJOR 195

static __u32 iommu_of(const char *address)
{
	static const __u32 as_engines[] = { [PCI_IOMMU_NONE] = DMABENCH_IOMMU_NONE,
					    [PCI_IOMMU_IDENTITY] = DMABENCH_IOMMU_IDENTITY,
					    [PCI_IOMMU_STRICT] = DMABENCH_IOMMU_STRICT,
					    [PCI_IOMMU_LAZY] = DMABENCH_IOMMU_LAZY,
					    [PCI_IOMMU_OTHER] = DMABENCH_IOMMU_OTHER };

	return as_engines[pci_iommu(address)];
}

static int describe(const struct cuda *c, int ordinal, struct gpu *gpu, char *why, size_t len)
{
	struct dmabench_engine_info *e = &gpu->engine;
	int device, mode = 0, ret;

	ret = cuda_call(c, why, len, cuDeviceGet, &device, ordinal);
	if (!ret)
		ret = cuda_call(c, why, len, cuDeviceGetName, gpu->model, sizeof(gpu->model) - 1,
				device);
	if (!ret)
		ret = cuda_call(c, why, len, cuDeviceGetPCIBusId, e->device, sizeof(e->device) - 1,
				device);
	if (!ret)
		ret = cuda_call(c, why, len, cuDeviceGetAttribute, &gpu->copy_engines,
				CUDA_ATTRIBUTE_ASYNC_ENGINE_COUNT, device);
	if (!ret)
		ret = cuda_call(c, why, len, cuDeviceGetAttribute, &mode,
				CUDA_ATTRIBUTE_COMPUTE_MODE, device);
	if (ret)
		return ret;
	for (char *at = e->device; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	snprintf(e->name, sizeof(e->name), "gpu%d", ordinal);
	snprintf(e->driver, sizeof(e->driver), GPU_DRIVER);
	e->index = (__u32)ordinal;
	e->node = pci_node(e->device);
	e->iommu = iommu_of(e->device);
	pci_link(e->device, &gpu->link);
	if (mode == CUDA_COMPUTEMODE_PROHIBITED) {
		e->flags |= DMABENCH_ENGINE_POISONED;
		snprintf(gpu->reason, sizeof(gpu->reason),
			 "its compute mode is prohibited: nvidia-smi -c DEFAULT");
	}
	return 0;
}

/* Whoever plays the driver with a CPU has no file of the kernel's driver open. */
static bool holds_driver_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *entry;
	struct stat st;
	bool any = false;

	while (d && !any && (entry = readdir(d)))
		any = !fstatat(dirfd(d), entry->d_name, &st, 0) && S_ISCHR(st.st_mode) &&
		      major(st.st_rdev) == NVIDIA_MAJOR;
	if (d)
		closedir(d);
	return any;
}

const char *gpu_kind(const struct gpu_evidence *e)
{
	if (e->emulated_machine || e->other_root || !e->driver_files)
		return "emulated";
	/* A sandbox may hide the bus; one that can be seen must have it. */
	return e->pci_seen && e->vendor != NVIDIA_VENDOR ? "emulated" : "hardware";
}

void gpus_list(const struct cuda *c, struct gpus *list)
{
	struct gpu_evidence e = { .emulated_machine = platform_emulated(),
				  .other_root = sys_rooted(),
				  .driver_files = holds_driver_files(),
				  .pci_seen = pci_seen() };
	int count = 0, ret;

	list->cuda = c->version;
	ret = cuda_call(c, list->why, sizeof(list->why), cuDeviceGetCount, &count);
	if (!ret && !count) {
		snprintf(list->why, sizeof(list->why), "the driver lists no GPU");
		ret = -ENODEV;
	}
	for (int i = 0; i < count && i < MAX_ENGINES && !ret; i++)
		ret = describe(c, i, &list->v[i], list->why, sizeof(list->why));
	list->count = ret ? ret : count < MAX_ENGINES ? count : MAX_ENGINES;
	if (ret)
		return;
	e.vendor = pci_vendor(list->v[0].engine.device);
	snprintf(list->kind, sizeof(list->kind), "%s", gpu_kind(&e));
	read_line("/sys/module/nvidia/version", list->version, sizeof(list->version));
}

int gpus_find(const struct gpus *list, const struct engine_wish *wish, const struct gpu **gpu,
	      char *why, size_t len)
{
	struct dmabench_engine_info engines[MAX_ENGINES];
	struct engine_set set;
	int ret;

	if (list->count < 0) {
		snprintf(why, len, "%s", list->why);
		return list->count;
	}
	for (int i = 0; i < list->count; i++)
		engines[i] = list->v[i].engine;
	ret = engines_pick(engines, list->count, wish, &set, why, len);
	if (!ret)
		*gpu = &list->v[set.v[0].index];
	else if (list->count == 1 && *list->v[0].reason)
		snprintf(why, len, "%s: %s", list->v[0].engine.name, list->v[0].reason);
	return ret;
}

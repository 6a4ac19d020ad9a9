// SPDX-License-Identifier: GPL-2.0-only
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int driver_open(char *why, size_t len)
{
	struct dmabench_info info = { 0 };
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		int err = -errno;

		if (err == -ENOENT)
			snprintf(why, len, "no %s: the dmabench module isn't loaded",
				 DMABENCH_DEVICE);
		else
			snprintf(why, len, "%s: %s", DMABENCH_DEVICE, strerror(-err));
		return err;
	}
	if (ioctl(fd, DMABENCH_IOC_INFO, &info) || info.abi_version != DMABENCH_ABI_VERSION) {
		snprintf(why, len, "%s speaks version %u, this program %d", DMABENCH_DEVICE,
			 info.abi_version, DMABENCH_ABI_VERSION);
		close(fd);
		return -EPROTO;
	}
	return fd;
}

int driver_engines(int fd, struct dmabench_engine_info *engines, char *why, size_t len)
{
	int count = 0;

	for (; count < MAX_ENGINES; count++) {
		memset(&engines[count], 0, sizeof(engines[count]));
		engines[count].index = (__u32)count;
		if (!ioctl(fd, DMABENCH_IOC_ENGINE_INFO, &engines[count]))
			continue;
		if (errno == ENOENT)
			break;
		snprintf(why, len, "listing engines: %s", strerror(errno));
		return -errno;
	}
	return count;
}

int driver_find(int fd, const char *label, struct dmabench_engine_info *engine, char *why,
		size_t len)
{
	struct dmabench_engine_info all[MAX_ENGINES];
	int count = driver_engines(fd, all, why, len);

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		if (*label && strcmp(all[i].name, label) && strcmp(all[i].driver, label))
			continue;
		if (all[i].flags & DMABENCH_ENGINE_POISONED)
			continue;
		*engine = all[i];
		return 0;
	}
	if (count)
		snprintf(why, len, "no usable engine \"%s\" among the %d listed", label, count);
	else
		snprintf(why, len, "no DMA engine that can copy memory (no dmaengine provider)");
	return -ENODEV;
}

const char *iommu_name(__u32 iommu)
{
	switch (iommu) {
	case DMABENCH_IOMMU_NONE:
		return "none";
	case DMABENCH_IOMMU_IDENTITY:
		return "identity";
	case DMABENCH_IOMMU_STRICT:
		return "strict";
	case DMABENCH_IOMMU_LAZY:
		return "lazy";
	default:
		return "other";
	}
}

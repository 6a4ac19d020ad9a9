// SPDX-License-Identifier: GPL-2.0-only
#include "pci.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

#define DEVICES "/sys/bus/pci/devices"

static bool attribute(const char *address, const char *name, char *buf, size_t len)
{
	char path[192];

	snprintf(path, sizeof(path), DEVICES "/%s/%s", address, name);
	return !read_line(path, buf, len);
}

bool pci_seen(void)
{
	DIR *d = sys_folder(DEVICES);
	struct dirent *entry;
	bool any = false;

	while (d && !any && (entry = readdir(d)))
		any = entry->d_name[0] != '.';
	if (d)
		closedir(d);
	return any;
}

unsigned int pci_vendor(const char *address)
{
	char text[32];

	return attribute(address, "vendor", text, sizeof(text))
		       ? (unsigned int)strtoul(text, NULL, 16)
		       : 0;
}

int pci_node(const char *address)
{
	char text[32];

	if (!attribute(address, "numa_node", text, sizeof(text)) || atoi(text) < 0)
		return -1;
	return atoi(text);
}

/* "16.0 GT/s PCIe": each generation has a rate of its own. */
static int generation(const char *address, const char *name)
{
	static const double rates[] = { 2.5, 5, 8, 16, 32, 64, 128 };
	char text[64];
	double rate;

	if (!attribute(address, name, text, sizeof(text)))
		return 0;
	rate = strtod(text, NULL);
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (rate > rates[i] - 0.01 && rate < rates[i] + 0.01)
			return (int)i + 1;
	return 0;
}

static int width(const char *address, const char *name)
{
	char text[32];
	int lanes = attribute(address, name, text, sizeof(text)) ? atoi(text) : 0;

	/* 255 is what is read where nothing answers. */
	return lanes > 0 && lanes <= 32 ? lanes : 0;
}

void pci_link(const char *address, struct pci_link *link)
{
	link->generation = generation(address, "current_link_speed");
	link->width = width(address, "current_link_width");
	link->max_generation = generation(address, "max_link_speed");
	link->max_width = width(address, "max_link_width");
}

enum pci_iommu pci_iommu(const char *address)
{
	static const struct {
		const char *type;
		enum pci_iommu iommu;
	} types[] = { { "identity", PCI_IOMMU_IDENTITY },
		      { "DMA", PCI_IOMMU_STRICT },
		      { "DMA-FQ", PCI_IOMMU_LAZY } };
	char text[32];

	if (!attribute(address, "iommu_group/type", text, sizeof(text)))
		return PCI_IOMMU_NONE;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(text, types[i].type))
			return types[i].iommu;
	return PCI_IOMMU_OTHER;
}

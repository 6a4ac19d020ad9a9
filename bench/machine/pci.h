/* SPDX-License-Identifier: GPL-2.0-only */
/* A PCI device by its address, "0000:3b:00.0", as the kernel shows it. */
#ifndef DMABENCH_PCI_H
#define DMABENCH_PCI_H

#include <stdbool.h>

/* Generation and number of lanes; 0: the kernel doesn't tell, as in many virtual machines. */
struct pci_link {
	int generation, width;	       /* now: an idle device may have slowed down */
	int max_generation, max_width; /* what the device can do, whatever its slot can */
};

/* Is there any PCI bus to be seen? */
bool pci_seen(void);
/* The vendor's number, 0 if there is no such device. */
unsigned int pci_vendor(const char *address);
/* The NUMA node, -1 if that isn't known. */
int pci_node(const char *address);
void pci_link(const char *address, struct pci_link *link);

enum pci_iommu {
	PCI_IOMMU_NONE,
	PCI_IOMMU_IDENTITY,
	PCI_IOMMU_STRICT,
	PCI_IOMMU_LAZY,
	PCI_IOMMU_OTHER
};

/* How the IOMMU stands between the device and memory. */
enum pci_iommu pci_iommu(const char *address);

#endif

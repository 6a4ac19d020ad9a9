/* SPDX-License-Identifier: GPL-2.0-only */
/* The GPUs that the driver lists, as engines. */
#ifndef DMABENCH_GPUS_H
#define DMABENCH_GPUS_H

#include "dmabench_uapi.h"
#include "machine/pci.h"
#include "../engines.h"
#include "cuda.h"

#define GPU_DRIVER "nvidia"

struct gpu {
	struct dmabench_engine_info engine; /* gpu0 …, by PCI address; POISONED: see reason */
	char reason[96];		    /* why it isn't usable */
	char model[64];
	int copy_engines;
	struct pci_link link;
};

/* Plain data, as it comes out of another process. */
struct gpus {
	int count; /* or -errno, with why[] */
	char why[160];
	int cuda;	  /* version of the library */
	char version[32]; /* of the kernel module, "" if it can't be seen */
	char kind[12];	  /* "hardware" or "emulated", of all of them */
	struct gpu v[MAX_ENGINES];
};

/* In a process that calls the driver: list them, after cuda_open. */
void gpus_list(const struct cuda *c, struct gpus *list);

/*
 * In any process: they are listed by a child, so that this one can still fork. Asked once; the
 * list stays.
 */
const struct gpus *gpus_ask(void);

/* Which GPU a case means. 0, or -errno with why[]. */
int gpus_find(const struct gpus *list, const struct engine_wish *wish, const struct gpu **gpu,
	      char *why, size_t len);

/* What speaks for a real GPU, or against it. */
struct gpu_evidence {
	bool emulated_machine; /* a CPU plays all devices there */
	bool other_root;       /* files are another machine's */
	bool driver_files;     /* the library has files of the kernel's driver open */
	bool pci_seen;	       /* there is a PCI bus to be seen … */
	unsigned int vendor;   /* … where this is the vendor at the first GPU's address */
};

/* "hardware" only if all of it speaks for one: whatever else copies is no GPU. */
const char *gpu_kind(const struct gpu_evidence *e);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where work queues are looked for, and whether a stand-in was put there: tests have one, which
 * must never pass for hardware.
 */
#ifndef DMABENCH_DSA_PLACE_H
#define DMABENCH_DSA_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#define DSA_DEVICES_VARIABLE "DMABENCH_DSA_DEVICES"
#define DSA_SYSFS_VARIABLE "DMABENCH_DSA_SYSFS"
#define DSA_PATIENCE_VARIABLE "DMABENCH_DSA_PATIENCE_MS" /* of stand-ins alone */
#define DSA_STORE_VARIABLE "DMABENCH_DSA_STORE"		 /* likewise */

/* The folders of the nodes and of the queues' attributes. */
const char *dsa_devices(void);
const char *dsa_sysfs(void);

/* One of them, or all of /sys, is somewhere else than the kernel has it. */
bool dsa_stand_in(void);

/* "hardware" or "emulated", as engine_kind() has it. */
const char *dsa_kind(void);

/* How long a record, or room in a queue, is waited for. */
uint64_t dsa_patience_ns(void);

/* A stand-in's portal may be written to by ordinary stores, where the CPU has no MOVDIR64B. */
bool dsa_may_store(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What are we running on, and what does that make of an engine? */
#ifndef DMABENCH_PLATFORM_H
#define DMABENCH_PLATFORM_H

#include <stdbool.h>

/*
 * "native", "vm-kvm" (hardware virtualisation, by whatever hypervisor), "vm-tcg" (emulated, a whole
 * machine or this program alone), "vm-icount".
 */
const char *platform_name(void);

/* Times mean nothing there. */
bool platform_emulated(void);

/* "KVMKVMKVM" …, as the CPU says it; NULL when it names none. */
const char *platform_hypervisor(void);
/* The same on architectures whose CPU doesn't say: by what the kernel and the firmware do. */
const char *hypervisor_by_files(void);

/*
 * How the CPU sees memory that a dmaengine channel's device shares with it: "cached" where the
 * hardware keeps caches and device in step, "not cached" where it doesn't, NULL: nobody says.
 */
const char *platform_coherent_memory(const char *channel);
/*
 * The same on architectures where it is the machine's choice: by the device tree. unsaid: whether a
 * device that it says nothing of is taken to be in step.
 */
const char *coherent_memory_by_files(const char *channel, bool unsaid);

/* "hardware", "emulated" or "software", by the provider, its device and the platform. */
const char *engine_kind(const char *driver, const char *device);

#endif

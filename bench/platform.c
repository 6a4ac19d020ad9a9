// SPDX-License-Identifier: GPL-2.0-only
#include "platform.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

const char *platform_hypervisor(void)
{
	static char name[13];
	unsigned int a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 31)))
		return NULL;
	__cpuid(0x40000000, a, b, c, d);
	memcpy(name, &b, 4);
	memcpy(name + 4, &c, 4);
	memcpy(name + 8, &d, 4);
	return name;
}
#else
const char *platform_hypervisor(void)
{
	return NULL;
}
#endif

/*
 * Whoever starts a guest says in the environment what it is; the CPU is asked too and
 * wins where it knows better, so that an emulated machine can't pass for a real one.
 */
const char *platform_name(void)
{
	const char *hypervisor = platform_hypervisor();
	const char *told = getenv("DMABENCH_PLATFORM");

	if (told && !strcmp(told, "vm-icount"))
		return "vm-icount";
	if (hypervisor && !strncmp(hypervisor, "TCG", 3))
		return "vm-tcg";
	if (hypervisor)
		return "vm-kvm";
	if (told && (!strcmp(told, "vm-tcg") || !strcmp(told, "vm-kvm")))
		return strcmp(told, "vm-tcg") ? "vm-kvm" : "vm-tcg";
	return "native";
}

bool platform_emulated(void)
{
	const char *name = platform_name();

	return !strcmp(name, "vm-tcg") || !strcmp(name, "vm-icount");
}

/* Providers that are never hardware. Any other is what its machine is. */
static const struct {
	const char *driver, *kind;
} known[] = {
	{ "dmabench_sim", "software" },
	{ "dmabench_edu", "emulated" }, /* the edu device exists in QEMU only */
};

const char *engine_kind(const char *driver)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(driver, known[i].driver))
			return known[i].kind;
	return platform_emulated() ? "emulated" : "hardware";
}

// SPDX-License-Identifier: GPL-2.0-only
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "own_elf.h"

/* Makers of virtual machines, as DMI names them; of some only what they call so. */
static const struct {
	const char *vendor, *product;
} makers[] = {
	{ "QEMU", "" },
	{ "KubeVirt", "" },
	{ "OpenStack Foundation", "" },
	{ "Xen", "" },
	{ "VMware", "" },
	{ "Amazon EC2", "" },
	{ "Google", "Google Compute Engine" },
	{ "Microsoft Corporation", "Virtual Machine" },
	{ "Apple Inc.", "Apple Virtualization" },
};

static bool says(const char *path, char *text, size_t len)
{
	return !read_line(path, text, len) && *text;
}

static bool found_in(const char *path, const char *key, char *text, size_t len)
{
	FILE *f = sys_file(path);
	char line[512];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, key);

		if (!at)
			continue;
		at += strlen(key);
		at += strspn(at, " \t:");
		snprintf(text, len, "%.*s", (int)strcspn(at, "\n"), at);
		found = true;
	}
	if (f)
		fclose(f);
	return found;
}

const char *hypervisor_by_files(void)
{
	static char name[64];
	char vendor[64], product[64];

	if (says("/proc/device-tree/hypervisor/compatible", name, sizeof(name)) ||
	    says("/sys/hypervisor/type", name, sizeof(name)) ||
	    found_in("/proc/sysinfo", "VM00 Control Program", name, sizeof(name)))
		return name;
	if (found_in("/proc/cpuinfo", "(emulated by qemu)", name, sizeof(name)))
		return "QEMU";
	if (says("/proc/device-tree/ibm,partition-name", name, sizeof(name)))
		return "PowerVM";
	read_line("/sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor));
	read_line("/sys/class/dmi/id/product_name", product, sizeof(product));
	/* Amazon has bare machines of that name too. */
	if (strstr(product, ".metal"))
		return NULL;
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (!strncmp(vendor, makers[i].vendor, strlen(makers[i].vendor)) &&
		    !strncmp(product, makers[i].product, strlen(makers[i].product)))
			return makers[i].vendor;
	return NULL;
}

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
	return hypervisor_by_files();
}
#endif

/*
 * QEMU's user mode and its like carry out one program's instructions without a machine around it. To
 * that program they pass for its own kind of Linux; but what the kernel runs is a file of theirs, for
 * the CPU that there is.
 */
static bool in_user_mode(void)
{
	FILE *f = sys_file("/proc/thread-self/exe");
	ElfW(Ehdr) run = { 0 };
	bool other = f && fread(&run, sizeof(run), 1, f) == 1 &&
		     !memcmp(run.e_ident, ELFMAG, SELFMAG) &&
		     (run.e_ident[EI_DATA] != __ehdr_start.e_ident[EI_DATA] ||
		      run.e_machine != __ehdr_start.e_machine);

	if (f)
		fclose(f);
	return other;
}

/*
 * Whoever starts a guest says in the environment what it is; the CPU is asked too and
 * wins where it knows better, so that an emulated machine can't pass for a real one. What
 * other architectures' files say of a hypervisor isn't how it runs the CPU.
 */
const char *platform_name(void)
{
	const char *hypervisor = platform_hypervisor();
	const char *told = getenv("DMABENCH_PLATFORM");

	if (told && !strcmp(told, "vm-icount"))
		return "vm-icount";
	if (in_user_mode())
		return "vm-tcg";
#if !defined(__x86_64__)
	if (told && !strcmp(told, "vm-tcg"))
		return "vm-tcg";
#endif
	if (hypervisor && !strncmp(hypervisor, "TCG", 3))
		return "vm-tcg";
	if (hypervisor)
		return "vm-kvm";
	if (told && (!strcmp(told, "vm-tcg") || !strcmp(told, "vm-kvm")))
		return strcmp(told, "vm-tcg") ? "vm-kvm" : "vm-tcg";
	return "native";
}

static bool there(const char *path)
{
	FILE *f = sys_file(path);
	bool is = f;

	if (f)
		fclose(f);
	return is;
}

#define DEEPEST 8

static bool node_says(const char *node, const char *word)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", node, word);
	return there(path);
}

/*
 * The device's own node, or that of what it hangs on; the word is there or in a node above, the
 * nearest one counts.
 */
const char *coherent_memory_by_files(const char *channel, bool unsaid)
{
	char node[96 + 6 * DEEPEST];
	int up = snprintf(node, sizeof(node), "/sys/class/dma/%.40s/device", channel), above;
	int i;

	for (i = 0; i < DEEPEST; i++) {
		snprintf(node + up, sizeof(node) - (size_t)up, "/of_node");
		if (there(node))
			break;
		up += snprintf(node + up, sizeof(node) - (size_t)up, "/..");
	}
	if (i == DEEPEST)
		return NULL;
	above = (int)strlen(node);
	for (i = 0; i < DEEPEST; i++) {
		if (node_says(node, "dma-coherent"))
			return "cached";
		if (node_says(node, "dma-noncoherent"))
			return "not cached";
		above += snprintf(node + above, sizeof(node) - (size_t)above, "/..");
	}
	return unsaid ? "cached" : "not cached";
}

/* Of a device of whose node the tree doesn't say it, as the kernel takes it on this architecture. */
#if defined(__riscv)
#define COHERENT_IF_UNSAID true
#else
#define COHERENT_IF_UNSAID false
#endif

const char *platform_coherent_memory(const char *channel)
{
#if defined(__x86_64__)
	(void)channel;
	return "cached";
#else
	return coherent_memory_by_files(channel, COHERENT_IF_UNSAID);
#endif
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

const char *engine_kind(const char *driver, const char *device)
{
	/* Whatever its driver goes by: tests have it play others. */
	if (!strcmp(device, "dmabench_sim"))
		return "software";
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(driver, known[i].driver))
			return known[i].kind;
	return platform_emulated() ? "emulated" : "hardware";
}

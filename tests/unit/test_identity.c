// SPDX-License-Identifier: GPL-2.0-only
/* What a machine is told by, on each architecture: files that it says so in. */
#include "unit.h"

#include <link.h>
#include <stddef.h>
#include <string.h>

#include "machine/identity.h"
#include "machine/nodes.h"
#include "machine/platform.h"
#include "fake_machine.h"

/* Key by key, so that a tree may hold what the machine that tests doesn't have. */
static const char *text_of(const char *key)
{
	static char text[512];
	json_t *all = identity();
	const char *is = json_string_value(json_object_get(all, key));

	snprintf(text, sizeof(text), "%s", is ? is : json_object_get(all, key) ? "null" : "absent");
	json_decref(all);
	return text;
}

static long long number_of(const char *key)
{
	json_t *all = identity();
	long long is = json_integer_value(json_object_get(all, key));

	json_decref(all);
	return is;
}

static void x86_is_told_by_its_model_name(void **state)
{
	(void)state;
	machine("x86");
	put("/proc/cpuinfo",
	    "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n"
	    "model name\t: AMD EPYC\nstepping\t: 1\ncpu MHz\t\t: 2600.000\n\n"
	    "processor\t: 1\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n"
	    "model name\t: AMD EPYC\nstepping\t: 1\ncpu MHz\t\t: 3100.000\n");
	assert_string_equal(text_of("cpu_model"), "AMD EPYC");
	assert_string_equal(text_of("cpu_family"), "25");
	assert_string_equal(text_of("cpu_model_number"), "17");
	assert_string_equal(text_of("cpu_stepping"), "1");
	assert_string_equal(text_of("cpu_ids"), "absent");
	assert_string_equal(text_of("machine"), "absent");
}

#define ARM_CPU(implementer, variant, part, revision)               \
	"processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\n" \
	"CPU implementer\t: " implementer "\nCPU architecture: 8\n" \
	"CPU variant\t: " variant "\nCPU part\t: " part "\nCPU revision\t: " revision "\n\n"

static void arm64_is_told_by_implementer_and_part(void **state)
{
	(void)state;
	machine("n1");
	put("/proc/cpuinfo",
	    ARM_CPU("0x41", "0x3", "0xd0c", "1") ARM_CPU("0x41", "0x3", "0xd0c", "1"));
	assert_string_equal(text_of("cpu_model"), "Neoverse-N1 r3p1");
	assert_string_equal(text_of("cpu_ids"), "0x41 0xd0c r3p1");
	assert_string_equal(text_of("cpu_family"), "0x41");
	assert_string_equal(text_of("cpu_model_number"), "0xd0c");
	assert_string_equal(text_of("cpu_stepping"), "r3p1");
	machine("unknown-part");
	put("/proc/cpuinfo", ARM_CPU("0x7f", "0x1", "0x123", "0"));
	assert_string_equal(text_of("cpu_model"), "0x7f 0x123 r1p0");
	assert_string_equal(text_of("cpu_ids"), "0x7f 0x123 r1p0");
	/* What 32-bit kernels call it says the architecture, not the CPU. */
	machine("arm32");
	put("/proc/cpuinfo", "processor\t: 0\nmodel name\t: ARMv7 Processor rev 4 (v7l)\n"
			     "CPU implementer\t: 0x41\nCPU architecture: 7\nCPU variant\t: 0x0\n"
			     "CPU part\t: 0xd03\nCPU revision\t: 4\n");
	assert_string_equal(text_of("cpu_model"), "Cortex-A53 r0p4");
}

static void all_kinds_of_cpus_are_named_once(void **state)
{
	(void)state;
	machine("big-little");
	put("/proc/cpuinfo",
	    ARM_CPU("0x41", "0x2", "0xd05", "0") ARM_CPU("0x41", "0x2", "0xd05", "0")
		    ARM_CPU("0x41", "0x4", "0xd0b", "0") ARM_CPU("0x41", "0x2", "0xd05", "0"));
	put("/proc/device-tree/model", "Radxa ROCK 5 Model B");
	assert_string_equal(text_of("cpu_model"), "Cortex-A55 r2p0, Cortex-A76 r4p0");
	assert_string_equal(text_of("cpu_ids"), "0x41 0xd05 r2p0, 0x41 0xd0b r4p0");
	assert_string_equal(text_of("machine"), "Radxa ROCK 5 Model B");
}

static void a_server_without_a_device_tree_says_what_it_is_by_dmi(void **state)
{
	(void)state;
	machine("server");
	put("/proc/cpuinfo", ARM_CPU("0x41", "0x3", "0xd0c", "1"));
	put("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
	put("/sys/class/dmi/id/product_name", "m6g.large\n");
	assert_string_equal(text_of("machine"), "Amazon EC2 m6g.large");
}

static void other_architectures_have_names_of_their_own(void **state)
{
	(void)state;
	machine("ppc64");
	put("/proc/cpuinfo",
	    "processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 2500.000000MHz\n"
	    "revision\t: 2.2 (pvr 004e 1202)\n\nprocessor\t: 1\n"
	    "cpu\t\t: POWER9, altivec supported\nclock\t\t: 3800.000000MHz\n"
	    "revision\t: 2.2 (pvr 004e 1202)\n\ntimebase\t: 512000000\nplatform\t: PowerNV\n"
	    "model\t\t: 8335-GTH\nmachine\t\t: PowerNV 8335-GTH\n");
	assert_string_equal(text_of("cpu_model"), "POWER9, altivec supported");
	assert_string_equal(text_of("cpu_stepping"), "2.2 (pvr 004e 1202)");
	assert_string_equal(text_of("machine"), "PowerNV 8335-GTH");
	machine("s390x");
	put("/proc/cpuinfo",
	    "vendor_id       : IBM/S390\n# processors    : 2\nbogomips per cpu: 3241.00\n"
	    "processor 0: version = FF,  identification = 0133E8,  machine = 8561\n"
	    "processor 1: version = FF,  identification = 0133E8,  machine = 8561\n\n"
	    "cpu number      : 0\ncpu MHz dynamic : 5200\n");
	assert_string_equal(text_of("cpu_model"), "IBM/S390 8561");
	machine("riscv64");
	put("/proc/cpuinfo",
	    "processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\n"
	    "uarch\t\t: sifive,u74-mc\nmvendorid\t: 0x489\nmarchid\t\t: 0x8000000000000007\n"
	    "mimpid\t\t: 0x4210427\n");
	assert_string_equal(text_of("cpu_model"), "sifive,u74-mc");
	assert_string_equal(text_of("cpu_ids"), "0x489 0x8000000000000007 0x4210427");
	machine("riscv64-unnamed");
	put("/proc/cpuinfo",
	    "processor\t: 0\nisa\t\t: rv64imafdcv\nmvendorid\t: 0x5b7\nmarchid\t\t: 0x0\n"
	    "mimpid\t\t: 0x0\n");
	assert_string_equal(text_of("cpu_model"), "0x5b7 0x0 0x0");
	machine("loongarch64");
	put("/proc/cpuinfo", "system type\t\t: generic-loongson-machine\n\nprocessor\t\t: 0\n"
			     "CPU Family\t\t: Loongson-64bit\nModel Name\t\t: Loongson-3A5000\n");
	assert_string_equal(text_of("cpu_model"), "Loongson-3A5000");
	machine("says-nothing");
	put("/proc/cpuinfo", "processor\t: 0\ncpu MHz\t: 100\n");
	assert_string_equal(text_of("cpu_model"), "null");
	assert_string_equal(text_of("memory_bytes"), "null");
}

static void who_may_change_the_memory_is_named(void **state)
{
	(void)state;
	machine("fixed");
	put("/proc/meminfo", "MemTotal:        1024 kB\n");
	put("/sys/bus/virtio/drivers/virtio_balloon/bind", "");
	put("/sys/bus/virtio/drivers/virtio_balloon/uevent", "");
	assert_string_equal(text_of("memory_changed_by"), "absent");
	assert_int_equal(number_of("memory_bytes"), 1024 * 1024);
	machine("balloon");
	put("/sys/bus/virtio/drivers/virtio_balloon/virtio0/status", "0x0f\n");
	put("/sys/bus/virtio/drivers/virtio_mem/virtio3/status", "0x0f\n");
	put("/sys/firmware/memmap/0/start", "0x0\n");
	put("/sys/firmware/memmap/0/end", "0x9fbff\n");
	put("/sys/firmware/memmap/0/type", "System RAM\n");
	put("/sys/firmware/memmap/1/start", "0x9fc00\n");
	put("/sys/firmware/memmap/1/end", "0xfffff\n");
	put("/sys/firmware/memmap/1/type", "Reserved\n");
	put("/sys/firmware/memmap/10/start", "0x100000\n");
	put("/sys/firmware/memmap/10/end", "0xbfffffff\n");
	put("/sys/firmware/memmap/10/type", "System RAM\n");
	assert_string_equal(text_of("memory_changed_by"), "virtio_balloon, virtio_mem");
	assert_int_equal(number_of("memory_boot_bytes"), 0x9fc00 + 0xbff00000);
	machine("hyperv");
	put("/sys/bus/vmbus/drivers/hv_balloon/1eccfd72-4b41-45ef-b73a-4a6e44c12924/id", "5\n");
	assert_string_equal(text_of("memory_changed_by"), "hv_balloon");
	assert_string_equal(text_of("memory_boot_bytes"), "absent");
	machine("xen");
	put("/sys/devices/system/xen_memory/xen_memory0/target", "1\n");
	assert_string_equal(text_of("memory_changed_by"), "xen_memory");
	machine("vmware");
	put("/sys/module/vmw_balloon/refcnt", "0\n");
	assert_string_equal(text_of("memory_changed_by"), "vmw_balloon");
	machine("pseries");
	put("/sys/devices/system/cmm/cmm0/loaned_kb", "0\n");
	assert_string_equal(text_of("memory_changed_by"), "cmm");
	machine("s390-cmm");
	put("/proc/sys/vm/cmm_pages", "0\n");
	assert_string_equal(text_of("memory_changed_by"), "cmm_pages");
}

static void who_runs_a_machine_is_seen_in_its_files(void **state)
{
	static const struct {
		const char *file, *text, *name;
	} told[] = {
		{ "/proc/device-tree/hypervisor/compatible", "linux,kvm", "linux,kvm" },
		{ "/sys/hypervisor/type", "xen\n", "xen" },
		{ "/proc/sysinfo", "Type: 8561\nVM00 Control Program: KVM/Linux\n", "KVM/Linux" },
		{ "/proc/cpuinfo", "machine\t\t: CHRP IBM pSeries (emulated by qemu)\n", "QEMU" },
		{ "/proc/device-tree/ibm,partition-name", "lpar7", "PowerVM" },
		{ "/sys/class/dmi/id/sys_vendor", "QEMU\n", "QEMU" },
		{ "/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n", "VMware" },
	};

	(void)state;
	machine("nobody");
	put("/sys/class/dmi/id/sys_vendor", "Supermicro\n");
	assert_null(hypervisor_by_files());
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		char name[32];

		snprintf(name, sizeof(name), "hypervisor-%zu", i);
		machine(name);
		put(told[i].file, told[i].text);
		assert_string_equal(hypervisor_by_files(), told[i].name);
	}
	machine("metal");
	put("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
	put("/sys/class/dmi/id/product_name", "m6g.metal\n");
	assert_null(hypervisor_by_files());
	put("/sys/class/dmi/id/product_name", "m6g.large\n");
	assert_string_equal(hypervisor_by_files(), "Amazon EC2");
	machine("tablet");
	put("/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n");
	put("/sys/class/dmi/id/product_name", "Surface Pro X\n");
	assert_null(hypervisor_by_files());
}

/* The beginning of this program's own file, but for one byte. */
static void put_program(size_t at, int change)
{
	char head[sizeof(ElfW(Ehdr))];
	FILE *f = fopen("/proc/self/exe", "r");

	assert_non_null(f);
	assert_int_equal(fread(head, sizeof(head), 1, f), 1);
	assert_int_equal(fclose(f), 0);
	head[at] = (char)(head[at] ^ change);
	put_bytes("/proc/thread-self/exe", head, sizeof(head));
}

static void a_program_of_another_cpu_is_emulated(void **state)
{
	const char *otherwise;

	(void)state;
	machine("user-mode");
	otherwise = platform_name();
	put_program(0, 0);
	assert_string_equal(platform_name(), otherwise);
	put_program(offsetof(ElfW(Ehdr), e_machine), 1);
	assert_string_equal(platform_name(), "vm-tcg");
	assert_true(platform_emulated());
	put_program(EI_DATA, ELFDATA2LSB ^ ELFDATA2MSB);
	assert_string_equal(platform_name(), "vm-tcg");
	put("/proc/thread-self/exe",
	    "no program, but long enough to be one's beginning: sixty-four bytes");
	assert_string_equal(platform_name(), otherwise);
}

#define CHANNEL "/sys/class/dma/dma0chan0/device"

/* Of each machine, how memory is mapped that the channel's device shares with the CPU. */
static void the_device_tree_says_how_shared_memory_is_mapped(void **state)
{
	(void)state;
	machine("acpi");
	put(CHANNEL "/numa_node", "0\n");
	assert_null(coherent_memory_by_files("dma0chan0", false));
	machine("board");
	put(CHANNEL "/of_node/compatible", "brcm,bcm2711-dma");
	assert_string_equal(coherent_memory_by_files("dma0chan0", false), "not cached");
	assert_null(coherent_memory_by_files("dma1chan0", false));
	machine("server");
	put(CHANNEL "/of_node/compatible", "arm,pl330");
	put(CHANNEL "/of_node/dma-coherent", "");
	assert_string_equal(coherent_memory_by_files("dma0chan0", false), "cached");
	/* A card's bridge has the node, and what that hangs on the word. */
	machine("card");
	put(CHANNEL "/vendor", "0x1234\n");
	put("/sys/class/dma/dma0chan0/of_node/compatible", "pci-host-ecam-generic");
	assert_string_equal(coherent_memory_by_files("dma0chan0", false), "not cached");
	put("/sys/class/dma/dma0chan0/dma-coherent", "");
	assert_string_equal(coherent_memory_by_files("dma0chan0", false), "cached");
	/* The nearest word counts. */
	put("/sys/class/dma/dma0chan0/of_node/dma-noncoherent", "");
	assert_string_equal(coherent_memory_by_files("dma0chan0", false), "not cached");
	assert_string_equal(coherent_memory_by_files("dma0chan0", true), "not cached");
}

/* As on riscv. */
static void what_the_device_tree_is_silent_of_the_architecture_says(void **state)
{
	(void)state;
	machine("silent");
	assert_null(coherent_memory_by_files("dma0chan0", true));
	put(CHANNEL "/of_node/compatible", "sifive,fu540-c000-pdma");
	assert_string_equal(coherent_memory_by_files("dma0chan0", true), "cached");
	assert_string_equal(coherent_memory_by_files("dma0chan0", false), "not cached");
	put(CHANNEL "/of_node/dma-noncoherent", "");
	assert_string_equal(coherent_memory_by_files("dma0chan0", true), "not cached");
}

static int forget_nodes(void **state)
{
	nodes_use("/sys/devices/system/node", "/proc/self/status");
	return fresh_folder(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x86_is_told_by_its_model_name),
		cmocka_unit_test(arm64_is_told_by_implementer_and_part),
		cmocka_unit_test(all_kinds_of_cpus_are_named_once),
		cmocka_unit_test(a_server_without_a_device_tree_says_what_it_is_by_dmi),
		cmocka_unit_test(other_architectures_have_names_of_their_own),
		cmocka_unit_test(who_may_change_the_memory_is_named),
		cmocka_unit_test(who_runs_a_machine_is_seen_in_its_files),
		cmocka_unit_test(a_program_of_another_cpu_is_emulated),
		cmocka_unit_test(the_device_tree_says_how_shared_memory_is_mapped),
		cmocka_unit_test(what_the_device_tree_is_silent_of_the_architecture_says),
	};

	return cmocka_run_group_tests_name("identity", tests, forget_nodes, drop_folder);
}

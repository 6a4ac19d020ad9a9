// SPDX-License-Identifier: GPL-2.0-only
#include "nodes.h"

#include <errno.h>
#include <numa.h>
#include <sched.h>

#include "files.h"

static bool have_numa(void)
{
	static int known = -1;

	if (known < 0)
		known = numa_available() >= 0;
	return known;
}

bool node_exists(int node)
{
	if (!have_numa())
		return node == 0;
	return node >= 0 && node <= numa_max_node() &&
	       (numa_bitmask_isbitset(numa_all_nodes_ptr, (unsigned int)node) ||
		node_cpus(node, (int[MAX_CPUS]){ 0 }));
}

int node_last(void)
{
	return have_numa() ? numa_max_node() : 0;
}

unsigned int node_cpus(int node, int *cpus)
{
	static cpu_set_t allowed;
	static bool known;
	unsigned int count = 0;

	/* The set the process started with: a launch pins itself later. */
	if (!known) {
		sched_getaffinity(0, sizeof(allowed), &allowed);
		known = true;
	}
	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		if (!CPU_ISSET(cpu, &allowed))
			continue;
		if (node < 0 || (have_numa() ? numa_node_of_cpu(cpu) : 0) == node)
			cpus[count++] = cpu;
	}
	return count;
}

int node_here(void)
{
	int cpus[MAX_CPUS];

	if (!node_cpus(-1, cpus) || !have_numa())
		return 0;
	return numa_node_of_cpu(cpus[0]);
}

unsigned long long node_bytes(int node)
{
	unsigned long long kib;

	if (have_numa()) {
		long long bytes = numa_node_size64(node, NULL);

		return bytes > 0 ? (unsigned long long)bytes : 0;
	}
	if (node || read_key("/proc/meminfo", "MemTotal:", &kib))
		return 0;
	return kib * 1024;
}

int pin_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

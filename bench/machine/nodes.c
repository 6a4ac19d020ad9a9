// SPDX-License-Identifier: GPL-2.0-only
#include "nodes.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/ranges.h"
#include "files.h"

static const char *sysfs = "/sys/devices/system/node";
static const char *status = "/proc/self/status";

/* Read once: a launch pins itself later, and must not be misled by that. */
static struct {
	bool known, unseen; /* unseen: the kernel has nodes and doesn't show them */
	int no_cpus;	    /* -errno: which CPUs may be used can't be seen */
	bool online[MAX_NODES], memory[MAX_NODES], mems_allowed[MAX_NODES];
	bool cpu_allowed[MAX_CPUS];
	short node_of[MAX_CPUS]; /* -1: of none */
	int last;
} seen;

void nodes_use(const char *sysfs_folder, const char *status_file)
{
	sysfs = sysfs_folder;
	status = status_file;
	seen.known = false;
}

static int read_ranges(const char *path, bool *set, size_t n)
{
	static char text[64 * 1024];
	int ret = read_line(path, text, sizeof(text));

	/* An empty list is an empty line. */
	return ret ? ret : ranges_parse(text, set, n);
}

static void see_cpus_allowed(void)
{
	static cpu_set_t allowed[MAX_CPUS / CPU_SETSIZE];
	static char text[32 * 1024];

	if (!sched_getaffinity(0, sizeof(allowed), allowed)) {
		for (size_t cpu = 0; cpu < MAX_CPUS; cpu++)
			seen.cpu_allowed[cpu] = CPU_ISSET_S(cpu, sizeof(allowed), allowed);
		return;
	}
	seen.no_cpus = -errno;
	if (!read_key_text(status, "Cpus_allowed_list:", text, sizeof(text)) &&
	    !ranges_parse(text, seen.cpu_allowed, MAX_CPUS))
		seen.no_cpus = 0;
}

static void see_cpus_of(int node)
{
	static bool cpus[MAX_CPUS];
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/node%d/cpulist", sysfs, node);
	if (read_ranges(path, cpus, MAX_CPUS))
		return;
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (cpus[cpu])
			seen.node_of[cpu] = (short)node;
}

static void see_mems_allowed(void)
{
	static char text[16 * 1024];

	if (read_key_text(status, "Mems_allowed_list:", text, sizeof(text)) ||
	    ranges_parse(text, seen.mems_allowed, MAX_NODES))
		memset(seen.mems_allowed, true, sizeof(seen.mems_allowed));
}

static void see(void)
{
	char path[PATH_MAX];

	if (seen.known)
		return;
	memset(&seen, 0, sizeof(seen));
	seen.known = true;
	see_cpus_allowed();
	see_mems_allowed();
	snprintf(path, sizeof(path), "%s/online", sysfs);
	if (read_ranges(path, seen.online, MAX_NODES)) {
		/* A kernel without NUMA: all CPUs are of node 0, which is their initial value. */
		FILE *maps = sys_file("/proc/self/numa_maps");

		seen.unseen = maps;
		if (maps)
			fclose(maps);
		seen.online[0] = seen.memory[0] = seen.mems_allowed[0] = true;
		return;
	}
	memset(seen.node_of, -1, sizeof(seen.node_of));
	snprintf(path, sizeof(path), "%s/has_memory", sysfs);
	if (read_ranges(path, seen.memory, MAX_NODES))
		memcpy(seen.memory, seen.online, sizeof(seen.memory));
	for (int node = 0; node < MAX_NODES; node++) {
		if (!seen.online[node])
			continue;
		see_cpus_of(node);
		seen.last = node;
	}
}

bool node_exists(int node)
{
	see();
	return node >= 0 && node < MAX_NODES && seen.online[node];
}

int node_last(void)
{
	see();
	return seen.last;
}

int node_only(void)
{
	int only = -1;

	see();
	for (int node = 0; node < MAX_NODES; node++) {
		if (!seen.online[node] || !seen.memory[node])
			continue;
		if (only >= 0)
			return -1;
		only = node;
	}
	return seen.unseen ? -1 : only;
}

unsigned int node_cpus(int node, int *cpus)
{
	unsigned int count = 0;

	see();
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (seen.cpu_allowed[cpu] && (node < 0 || seen.node_of[cpu] == node))
			cpus[count++] = cpu;
	return count;
}

int node_here(void)
{
	int cpus[MAX_CPUS];

	if (!node_cpus(-1, cpus) || seen.node_of[cpus[0]] < 0)
		return 0;
	return seen.node_of[cpus[0]];
}

/* A figure of the node's meminfo in bytes; -ENOENT. */
static int meminfo(int node, const char *name, unsigned long long *bytes)
{
	char path[PATH_MAX], key[64];
	unsigned long long kib;

	*bytes = 0;
	snprintf(path, sizeof(path), "%s/node%d/meminfo", sysfs, node);
	snprintf(key, sizeof(key), "Node %d %s:", node, name);
	if (read_key(path, key, &kib)) {
		snprintf(key, sizeof(key), "%s:", name);
		if (node || node_last() || read_key("/proc/meminfo", key, &kib))
			return -ENOENT;
	}
	*bytes = kib * 1024;
	return 0;
}

int node_bytes(int node, unsigned long long *bytes)
{
	*bytes = 0;
	return node_exists(node) ? meminfo(node, "MemTotal", bytes) : -ENOENT;
}

int node_available(int node, unsigned long long *bytes)
{
	unsigned long long active, inactive;

	*bytes = 0;
	if (!node_exists(node) || meminfo(node, "MemFree", bytes))
		return -ENOENT;
	meminfo(node, "Active(file)", &active);
	meminfo(node, "Inactive(file)", &inactive);
	*bytes += (active + inactive) / 2;
	return 0;
}

int node_distance(int from, int to)
{
	char path[PATH_MAX], line[16 * 1024], *word, *rest = line;

	if (!node_exists(from) || !node_exists(to))
		return 0;
	snprintf(path, sizeof(path), "%s/node%d/distance", sysfs, from);
	if (read_line(path, line, sizeof(line)))
		return from == to ? 10 : 0;
	/* One number for each node that is online, in their order. */
	for (int node = 0; node <= to; node++) {
		if (!seen.online[node])
			continue;
		while ((word = strsep(&rest, " \t")) && !*word)
			;
		if (!word)
			return 0;
		if (node == to)
			return atoi(word);
	}
	return 0;
}

int node_check_cpu(int node, char *why, size_t len)
{
	int cpus[MAX_CPUS];

	if (node_cpus(node, cpus))
		return 0;
	if (seen.no_cpus) {
		snprintf(why, len, "which CPUs may be used can't be seen: sched_getaffinity: %s",
			 strerror(-seen.no_cpus));
		return -ENODATA;
	}
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (node_exists(node) && seen.node_of[cpu] == node) {
			snprintf(why, len,
				 "this process may use no CPU of node %d (cpuset, affinity)", node);
			return -ENODATA;
		}
	snprintf(why, len, "node %d has no CPUs: it can be source or destination only", node);
	return -ENODATA;
}

int node_check_memory(int node, char *why, size_t len)
{
	if (!node_exists(node) || !seen.memory[node])
		snprintf(why, len, "node %d has no memory: it can be the CPU's node only", node);
	else if (!seen.mems_allowed[node])
		snprintf(why, len, "this process may use no memory of node %d (cpuset)", node);
	else
		return 0;
	return -ENODATA;
}

int node_memory_near(int node)
{
	char why[128];
	int best = node, least = INT_MAX;

	for (int to = 0; to <= node_last(); to++) {
		int distance = to == node ? 0 : node_distance(node, to);

		if (!node_exists(to) || node_check_memory(to, why, sizeof(why)))
			continue;
		if (distance < least) {
			least = distance;
			best = to;
		}
	}
	return best;
}

void leave_real_time(void)
{
	const struct sched_param none = { 0 };
	const int policy = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;

	if (policy == SCHED_FIFO || policy == SCHED_RR)
		sched_setscheduler(0, SCHED_OTHER, &none);
}

int pin_to_cpu(int cpu)
{
	cpu_set_t set[MAX_CPUS / CPU_SETSIZE];

	CPU_ZERO_S(sizeof(set), set);
	CPU_SET_S((size_t)cpu, sizeof(set), set);
	return sched_setaffinity(0, sizeof(set), set) ? -errno : 0;
}

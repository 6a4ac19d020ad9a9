// SPDX-License-Identifier: GPL-2.0-only
#include "quota.h"

#include "cgroup.h"
#include "nodes.h"

double quota_below(unsigned int cpus)
{
	double quota;

	return !cgroup_cpu_quota(&quota) && quota < cpus ? quota : 0;
}

bool quota_lacks(unsigned int threads)
{
	int cpus[MAX_CPUS];
	double quota = quota_below(node_cpus(-1, cpus));

	return quota > 0 && quota < threads;
}

unsigned int quota_threads(int node)
{
	int cpus[MAX_CPUS];
	unsigned int usable = node_cpus(node, cpus);
	double quota = quota_below(usable);

	if (quota > 0)
		usable = quota < 1 ? 1 : (unsigned int)quota;
	return usable;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "cgroup.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

struct group {
	char folder[PATH_MAX];
	size_t top; /* length of the part that is the mount */
	bool v1;
};

/* Is "cpu" one of the controllers in "cpu,cpuacct"? */
static bool names_cpu(const char *list, size_t len)
{
	for (const char *word = list; word < list + len; word += strcspn(word, ",:") + 1)
		if (strcspn(word, ",:") == 3 && !strncmp(word, "cpu", 3))
			return true;
	return false;
}

/* The group that limits this process: version 1's "cpu" where it is, else version 2's. */
static int find_group(struct group *g)
{
	FILE *f = sys_file("/proc/self/cgroup");
	char line[PATH_MAX];
	int ret = -ENOENT;

	while (f && fgets(line, sizeof(line), f)) {
		char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;
		const char *mount = "/sys/fs/cgroup";

		if (!path)
			continue;
		path[strcspn(path, "\n")] = '\0';
		if (!strcmp(path + 1, "/"))
			path[1] = '\0'; /* the top, once */
		g->v1 = names_cpu(list + 1, (size_t)(path - list - 1));
		if (!g->v1 && path != list + 1)
			continue;
		if (g->v1)
			mount = "/sys/fs/cgroup/cpu";
		g->top = strlen(mount);
		ret = snprintf(g->folder, sizeof(g->folder), "%s%s", mount, path + 1) <
				      (int)sizeof(g->folder)
			      ? 0
			      : -ENAMETOOLONG;
		if (g->v1)
			break;
	}
	if (f)
		fclose(f);
	return ret;
}

/* To the group above; false at the top. */
static bool climb(struct group *g)
{
	char *slash = strrchr(g->folder + g->top, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

static const char *in_group(const struct group *g, const char *name)
{
	static char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", g->folder, name);
	return path;
}

/* The quota of one group alone, 0 for none; -errno where it has no such file. */
static int quota_of(const struct group *g, double *cpus)
{
	unsigned long long quota, period = 100000;
	char line[64];
	int ret;

	*cpus = 0;
	if (g->v1) {
		ret = read_line(in_group(g, "cpu.cfs_quota_us"), line, sizeof(line));
		if (ret || line[0] == '-')
			return ret;
		quota = strtoull(line, NULL, 10);
		read_number(in_group(g, "cpu.cfs_period_us"), &period);
	} else {
		ret = read_line(in_group(g, "cpu.max"), line, sizeof(line));
		if (ret || !strncmp(line, "max", 3))
			return ret;
		if (sscanf(line, "%llu %llu", &quota, &period) < 1)
			return -EINVAL;
	}
	if (!period)
		return -EINVAL;
	*cpus = (double)quota / (double)period;
	return 0;
}

int cgroup_cpu_quota(double *cpus)
{
	struct group g;
	bool any = false;
	double one;

	*cpus = 0;
	if (find_group(&g))
		return -ENOENT;
	do {
		if (quota_of(&g, &one))
			continue;
		any = true;
		if (one > 0 && (*cpus == 0 || one < *cpus))
			*cpus = one;
	} while (climb(&g));
	return any ? 0 : -ENOENT;
}

int cgroup_throttled(unsigned long long *times)
{
	unsigned long long one;
	struct group g;
	bool any = false;

	*times = 0;
	if (find_group(&g))
		return -ENOENT;
	do {
		if (read_key(in_group(&g, "cpu.stat"), "nr_throttled", &one))
			continue;
		any = true;
		*times += one;
	} while (climb(&g));
	return any ? 0 : -ENOENT;
}

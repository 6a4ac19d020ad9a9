// SPDX-License-Identifier: GPL-2.0-only
#include "cgroup.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

/* Version 1 says so, nearly, where there is none; version 2 says "max". */
#define NO_LIMIT (1ull << 60)

struct group {
	char folder[PATH_MAX];
	size_t top; /* length of the part that is the mount */
	bool v1;
};

/* Is it ("cpu") one of the controllers in "cpu,cpuacct"? */
static bool names(const char *list, size_t len, const char *controller)
{
	size_t wanted = strlen(controller);

	for (const char *word = list; word < list + len; word += strcspn(word, ",:") + 1)
		if (strcspn(word, ",:") == wanted && !strncmp(word, controller, wanted))
			return true;
	return false;
}

/* The group that limits this process: version 1's of that controller where it is, else version 2's. */
static int find_group(struct group *g, const char *controller)
{
	char mount[64];
	FILE *f = sys_file("/proc/self/cgroup");
	char line[PATH_MAX];
	int ret = -ENOENT;

	while (f && fgets(line, sizeof(line), f)) {
		char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;

		if (!path)
			continue;
		path[strcspn(path, "\n")] = '\0';
		if (!strcmp(path + 1, "/"))
			path[1] = '\0'; /* the top, once */
		g->v1 = names(list + 1, (size_t)(path - list - 1), controller);
		if (!g->v1 && path != list + 1)
			continue;
		snprintf(mount, sizeof(mount), "/sys/fs/cgroup%s%s", g->v1 ? "/" : "",
			 g->v1 ? controller : "");
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
	if (find_group(&g, "cpu"))
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
	if (find_group(&g, "cpu"))
		return -ENOENT;
	do {
		if (read_key(in_group(&g, "cpu.stat"), "nr_throttled", &one))
			continue;
		any = true;
		*times += one;
	} while (climb(&g));
	return any ? 0 : -ENOENT;
}

/* The files of a group that limit something, and tell how much of it is used; up to two limits. */
struct limit_files {
	const char *limit[2], *used;
	const char *back[3]; /* in memory.stat: what is taken back when it is needed */
};

/* One group alone: false where it has no limit. */
static bool left_in(const struct group *g, const struct limit_files *files, struct cgroup_memory *m)
{
	unsigned long long one, used = 0;

	m->limit = NO_LIMIT;
	for (int i = 0; i < 2; i++)
		if (files->limit[i] && !read_number(in_group(g, files->limit[i]), &one) &&
		    one < m->limit)
			m->limit = one;
	if (m->limit == NO_LIMIT)
		return false;
	read_number(in_group(g, files->used), &used);
	for (int i = 0; i < 3; i++)
		if (files->back[i] && !read_key(in_group(g, "memory.stat"), files->back[i], &one))
			used -= one < used ? one : used;
	m->left = used < m->limit ? m->limit - used : 0;
	return true;
}

static int least_left(const char *controller, const struct limit_files *v1,
		      const struct limit_files *v2, struct cgroup_memory *m)
{
	struct cgroup_memory one;
	bool any = false;
	struct group g;

	if (find_group(&g, controller))
		return -ENOENT;
	do {
		if (!left_in(&g, g.v1 ? v1 : v2, &one))
			continue;
		if (!any || one.left < m->left)
			*m = one;
		any = true;
	} while (climb(&g));
	return any ? 0 : -ENOENT;
}

int cgroup_memory_left(struct cgroup_memory *m)
{
	static const struct limit_files v1 = {
		.limit = { "memory.limit_in_bytes" },
		.used = "memory.usage_in_bytes",
		.back = { "total_inactive_file ", "total_active_file " },
	};
	static const struct limit_files v2 = {
		.limit = { "memory.max", "memory.high" },
		.used = "memory.current",
		.back = { "inactive_file ", "active_file ", "slab_reclaimable " },
	};

	return least_left("memory", &v1, &v2, m);
}

int cgroup_hugetlb_left(const char *page, struct cgroup_memory *m)
{
	char max[48], current[48], limit[48], usage[48];
	const struct limit_files v1 = { .limit = { limit }, .used = usage };
	const struct limit_files v2 = { .limit = { max }, .used = current };

	snprintf(limit, sizeof(limit), "hugetlb.%s.limit_in_bytes", page);
	snprintf(usage, sizeof(usage), "hugetlb.%s.usage_in_bytes", page);
	snprintf(max, sizeof(max), "hugetlb.%s.max", page);
	snprintf(current, sizeof(current), "hugetlb.%s.current", page);
	return least_left("hugetlb", &v1, &v2, m);
}

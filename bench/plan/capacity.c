// SPDX-License-Identifier: GPL-2.0-only
#include "capacity.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "machine/cgroup.h"
#include "machine/files.h"
#include "machine/nodes.h"
#include "memory/region.h"
#include "paths/path.h"

/* Of what is available; the rest is for page tables, the harness and everybody else. */
static bool fits(unsigned long long need, unsigned long long available)
{
	return need <= available / 10 * 9;
}

/* Bytes by where they are to be: the runner's buffers, and what the path has beside them. */
struct need {
	unsigned long long buffers, own[2]; /* a side's buffers; source, destination */
};

static struct need need_of(const struct bench_case *c)
{
	const struct case_params *p = &c->params;
	struct need n = { 0 };
	uint64_t own[2] = { 0 };

	for (unsigned int i = 0; i < path_pairs(c->path, p); i++)
		n.buffers += region_bytes(path_pair_size(p, i), p->offset, p->pages);
	/* Paths with memory of their own need as much again, if they don't know it better. */
	if (c->path->push)
		own[0] = own[1] = p->size;
	if (c->path->own)
		c->path->own(p, own);
	n.own[0] = own[0];
	n.own[1] = own[1];
	return n;
}

static bool in_pool(const struct case_params *p)
{
	return p->pages == PAGES_2M || p->pages == PAGES_1G;
}

/* In pages that aren't a pool's. */
static unsigned long long plain_bytes(const struct bench_case *c)
{
	const struct need n = need_of(c);

	return (in_pool(&c->params) ? 0 : 2 * n.buffers) + n.own[0] + n.own[1];
}

static int check_machine(unsigned long long need, char *why, size_t len)
{
	unsigned long long kib;

	if (read_key("/proc/meminfo", "MemAvailable:", &kib) || fits(need, kib * 1024))
		return 0;
	snprintf(why, len,
		 "needs %llu bytes of memory, %llu are available, a tenth of which is to stay so",
		 need, kib * 1024);
	return -ENOMEM;
}

static int check_allowed(unsigned long long need, unsigned long long left, const char *by,
			 char *why, size_t len)
{
	if (fits(need, left))
		return 0;
	snprintf(why, len,
		 "needs %llu bytes of memory, %llu are allowed (%s), a tenth of which is to stay "
		 "free",
		 need, left, by);
	return -ENOMEM;
}

/* Bytes that this process has already of what a limit counts: a launch has about as many. */
static unsigned long long used_of(int resource)
{
	unsigned long long kib;
	int ret =
		read_key("/proc/self/status", resource == RLIMIT_AS ? "VmSize:" : "VmData:", &kib);

	return ret ? 0 : kib * 1024;
}

static int check_process(unsigned long long need, char *why, size_t len)
{
	static const struct {
		int resource;
		const char *name;
	} limits[] = { { RLIMIT_AS, "limit of address space, ulimit -v" },
		       { RLIMIT_DATA, "limit of data, ulimit -d" } };
	int ret = 0;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]) && !ret; i++) {
		unsigned long long used = used_of(limits[i].resource);
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)limits[i].resource, &limit) ||
		    limit.rlim_cur == RLIM_INFINITY)
			continue;
		ret = check_allowed(need, used < limit.rlim_cur ? limit.rlim_cur - used : 0,
				    limits[i].name, why, len);
	}
	return ret;
}

static int check_pool(const struct bench_case *c, char *why, size_t len)
{
	unsigned long long need = 2 * need_of(c).buffers;
	struct cgroup_memory m;

	/* Of the pool itself region_create says what it lacks. */
	if (!in_pool(&c->params) ||
	    cgroup_hugetlb_left(c->params.pages == PAGES_2M ? "2MB" : "1GB", &m) || need <= m.left)
		return 0;
	snprintf(why, len, "needs %llu bytes in huge pages of %s, %llu are allowed (control group)",
		 need, page_names[c->params.pages], m.left);
	return -ENOMEM;
}

int capacity_beside(const struct bench_case *c, unsigned long long bytes, char *why, size_t len)
{
	unsigned long long need = bytes + (c ? plain_bytes(c) : 0);
	struct cgroup_memory m;
	int ret = check_machine(need, why, len);

	if (!ret && !cgroup_memory_left(&m))
		ret = check_allowed(need, m.left, "control group", why, len);
	return ret ? ret : check_process(need, why, len);
}

/* A bound allocation gets nothing from elsewhere, so each node must have it all. */
static int check_node(const struct bench_case *c, int node, char *why, size_t len)
{
	const struct case_params *p = &c->params;
	const struct need n = need_of(c);
	unsigned long long available, need = 0;

	if (p->src_node == node)
		need += n.buffers + n.own[0];
	if (p->dst_node == node)
		need += n.buffers + n.own[1];
	if (node_available(node, &available) || fits(need, available))
		return 0;
	snprintf(why, len, "needs %llu bytes of memory on node %d, %llu are available there", need,
		 node, available);
	return -ENOMEM;
}

int capacity_check(const struct bench_case *c, char *why, size_t len)
{
	const struct case_params *p = &c->params;
	int ret = node_check_cpu(p->cpu_node, why, len);

	if (!ret)
		ret = node_check_memory(p->src_node, why, len);
	if (!ret)
		ret = node_check_memory(p->dst_node, why, len);
	if (!ret)
		ret = check_pool(c, why, len);
	if (!ret)
		ret = capacity_beside(c, 0, why, len);
	/* With one node the machine's figure, which knows more, has said it. Pages of a pool
	 * aren't in what is available. */
	if (ret || !node_last() || in_pool(p))
		return ret;
	ret = check_node(c, p->src_node, why, len);
	return ret ? ret : check_node(c, p->dst_node, why, len);
}

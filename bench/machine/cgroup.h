/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much CPU time and memory the control groups of this process allow it, in version 1 and 2. A
 * limit of any group above counts as well, so all of them are looked at.
 */
#ifndef DMABENCH_CGROUP_H
#define DMABENCH_CGROUP_H

/* The tightest quota in CPUs (1.5: one and a half), 0 for none. 0 or -ENOENT: can't be seen. */
int cgroup_cpu_quota(double *cpus);

/* How often a quota stopped these groups so far. 0 or -ENOENT: can't be seen. */
int cgroup_throttled(unsigned long long *times);

/* Of the group that has the least room, in bytes. */
struct cgroup_memory {
	unsigned long long limit;
	unsigned long long left; /* of it, less what is used and can't be taken back */
};

/* 0 or -ENOENT: there is no limit that can be seen. */
int cgroup_memory_left(struct cgroup_memory *m);
/* The same of hugetlb pages; page is as the files are named: 2MB, 1GB. */
int cgroup_hugetlb_left(const char *page, struct cgroup_memory *m);

#endif

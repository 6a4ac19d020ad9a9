/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long a word takes from one CPU's cache to another's. Under a hypervisor it shows where the
 * two are: under one last-level cache, or under two, which may change from one second to the next,
 * and with it how fast anything of some MiB is copied.
 */
#ifndef DMABENCH_CORE_TO_CORE_H
#define DMABENCH_CORE_TO_CORE_H

#include <stddef.h>

/*
 * One way, in ns: the least of ten stretches of a millisecond, since whatever disturbs makes it
 * longer. Both CPUs spin meanwhile. 0 or -errno with why[].
 */
int core_to_core_ns(int cpu, int other, double *ns, char *why, size_t len);

/* Between the first and the last CPU that this process may use; -ENODATA if that is the same one. */
int core_to_core_ns_usable(double *ns, char *why, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NUMA nodes as the kernel shows them, and what of them this process may use. Numbers
 * may have holes; a node may have no CPUs (memory behind CXL) or no memory. Without NUMA
 * there is node 0 with all.
 */
#ifndef DMABENCH_NODES_H
#define DMABENCH_NODES_H

#include <stdbool.h>
#include <stddef.h>

/* The kernel's own limits on x86: CONFIG_NR_CPUS ≤ 8192, CONFIG_NODES_SHIFT ≤ 10. */
#define MAX_CPUS 8192
#define MAX_NODES 1024

/* Is it there and online? */
bool node_exists(int node);
/* Highest node number. */
int node_last(void);
/* The node that all memory is on; -1 if it may be on several, or that can't be seen. */
int node_only(void);
/* The node of the first CPU this process may use. */
int node_here(void);
/* The node nearest to this one, by distance, whose memory may be used; itself if it can. */
int node_memory_near(int node);
/* Usable CPUs of a node (-1: of all nodes) in cpus[MAX_CPUS]; how many. */
unsigned int node_cpus(int node, int *cpus);
/* Bytes of memory on the node. 0, or -ENOENT: there is no such node, or that can't be seen. */
int node_bytes(int node, unsigned long long *bytes);
/*
 * Bytes that could be had there without swapping, roughly: free, and half of the page cache.
 * 0, or -ENOENT: that can't be seen.
 */
int node_available(int node, unsigned long long *bytes);
/* As the firmware tells it, 10 being a node's own; 0 where it doesn't. */
int node_distance(int from, int to);

/* Can a caller run there, can a buffer lie there? 0, or -ENODATA with why[]. */
int node_check_cpu(int node, char *why, size_t len);
int node_check_memory(int node, char *why, size_t len);

/* Run the calling thread on this CPU alone. 0 or -errno. */
int pin_to_cpu(int cpu);
/*
 * For a thread that never sleeps until another one says so: of a real-time class, which it has from whoever
 * started this process, it would keep that one from its CPU for good.
 */
void leave_real_time(void);

/* For tests: read the nodes from this folder and the allowed ones from this file. */
void nodes_use(const char *sysfs, const char *status);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* NUMA nodes and the CPUs this process may use. Without NUMA there is node 0 with all. */
#ifndef DMABENCH_NODES_H
#define DMABENCH_NODES_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_CPUS 1024

bool node_exists(int node);
/* Highest node number. */
int node_last(void);
/* The node of the first CPU this process may use. */
int node_here(void);
/* Usable CPUs of a node (-1: of all nodes) in cpus[MAX_CPUS]; how many. */
unsigned int node_cpus(int node, int *cpus);
/* Bytes of memory on the node, 0 if it has none or doesn't exist. */
unsigned long long node_bytes(int node);
/* Run the calling thread on this CPU alone. 0 or -errno. */
int pin_to_cpu(int cpu);

#endif

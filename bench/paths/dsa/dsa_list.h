/* SPDX-License-Identifier: GPL-2.0-only */
/* The work queues that sysfs has: what they may do, and why one is of no use. */
#ifndef DMABENCH_DSA_LIST_H
#define DMABENCH_DSA_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_DSA_QUEUES 64

struct dsa_queue_info {
	unsigned int of, number; /* wqOF.NUMBER */
	char name[32];
	char device[32]; /* "dsa0" */
	int node;	 /* of the device, -1: not known */
	bool user;	 /* of type user, configured or not */
	bool shared;
	bool block_on_fault;   /* it may wait for pages */
	bool batches;	       /* it takes lists of descriptors */
	uint32_t size;	       /* descriptors in flight */
	uint32_t max_batch;    /* descriptors of a list */
	uint64_t max_transfer; /* bytes of a descriptor */
	char why[128];	       /* it can't be used; "": nothing is against it here */
};

/* The DSA queues in order, of whatever type; at most max. How many, or -ENOENT: no such bus. */
int dsa_list(struct dsa_queue_info *list, int max);

/* Is an operation among those that the kernel says a device or queue has (op_cap, op_config)? */
bool dsa_has_operation(const char *words, unsigned int opcode);

/* What it comes to that no queue can be used: in words. */
void dsa_none(const struct dsa_queue_info *list, int count, char *why, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* A work queue that is open in this process, and the way its descriptors go. */
#ifndef DMABENCH_DSA_QUEUE_H
#define DMABENCH_DSA_QUEUE_H

#include <linux/idxd.h>

#include "paths/params.h"
#include "dsa_list.h"

enum dsa_way { DSA_BY_MOVDIR64B, DSA_BY_ENQCMD, DSA_BY_WRITE };

struct dsa_queue {
	const char *name; /* of info, which the caller keeps */
	enum dsa_way way;
	int fd;
	uint8_t *portal;   /* NULL: by write() */
	unsigned int slot; /* of the portal, to be written to next */
	bool store;	   /* of a stand-in, by a CPU that has no MOVDIR64B */
	uint64_t retries;  /* it had no room */
	uint64_t patience_ns;
};

/* "movdir64b", "enqcmd", "write": not the same figure. */
extern const char *const dsa_way_names[];

/*
 * Open the queue, in the process that copies: one that was opened before a fork is refused. 0, or
 * -errno with why[].
 */
int dsa_queue_open(struct dsa_queue *q, const struct dsa_queue_info *info, enum dsa_submit wish,
		   char *why, size_t len);
void dsa_queue_close(struct dsa_queue *q);

/*
 * Hand over n descriptors, each 64 bytes at a multiple of 64: how many were taken, less than n
 * only with *err. The caller sees to it that there is room; a shared queue is asked again.
 */
unsigned int dsa_queue_send(struct dsa_queue *q, const struct dsa_hw_desc *descriptors,
			    unsigned int n, int *err);

/* What an error of dsa_queue_send means. */
const char *dsa_send_text(int err);

#endif

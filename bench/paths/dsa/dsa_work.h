/* SPDX-License-Identifier: GPL-2.0-only */
/* What copies by a work queue are made of: what is handed over, and what became of it. */
#ifndef DMABENCH_DSA_WORK_H
#define DMABENCH_DSA_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsa_pieces.h"
#include "dsa_queue.h"

/* A line of its own each: 32 bytes and their alignment are what the device wants. */
struct dsa_record {
	struct dsa_completion_record hw;
	uint8_t room[32];
} __attribute__((aligned(64)));

struct dsa_sending {
	uint32_t first, n; /* pieces; more than one: a list */
};

struct dsa_copies {
	struct dsa_queue queue;
	enum dsa_wait how;
	uint32_t flags; /* of each descriptor */
	uint32_t window, refill;
	uint32_t npieces, nsendings;
	struct dsa_piece *pieces;
	struct dsa_sending *sendings;
	struct dsa_hw_desc *descriptors; /* one a sending … */
	struct dsa_record *records;
	struct dsa_hw_desc *list; /* … and, of lists, one a piece; NULL: there are none */
	struct dsa_record *list_records;
	struct dsa_hw_desc *again; /* what is left of a piece */
	uint32_t sent, done;
	int err; /* the first of an operation */
	uint64_t faults;
	bool lost; /* it didn't answer: it may still write, and gets nothing more */
	char reason[120];
};

#endif

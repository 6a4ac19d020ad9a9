/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters, as the counting library and dmabench profile share them: a memfd of dmabench's that
 * each process maps, so that whatever ends a process, what it counted stays.
 *
 * A block is written by one thread at a time, with plain additions; chunks of blocks are mapped by
 * whoever needs one of them. Everything else is written with atomic operations by all.
 */
#ifndef DMABENCH_REGION_H
#define DMABENCH_REGION_H

#include <stdint.h>

#include "bins.h"

/* Where the library finds the memfd: a path. */
#define REGION_VARIABLE "DMABENCH_PROFILE_REGION"

#define REGION_MAGIC 0x656c69666f727064ull
#define REGION_VERSION 1u

/* Of memmove's copies those whose sides overlap are told apart: no engine can do them. */
enum counted_op { OP_MEMCPY, OP_MEMMOVE, OP_MEMPCPY, OP_OVERLAPPING, COUNTED_OPS };

struct tally {
	uint64_t calls, bytes;
};

struct counts {
	struct tally sizes[COUNTED_OPS][SIZE_BINS];
	uint64_t aligned[ALIGN_SIZES][ALIGN_CLASSES][ALIGN_CLASSES]; /* destination, source */
};

#define CALLERS 1024u /* of a block; a power of two */
#define CALLER_PROBES 8u

struct caller {
	uint64_t address; /* where it returns to; 0: free. Written last */
	struct tally tally;
	uint64_t offset : 48, module : 16; /* in the module's own addresses */
};

#define ENDED_KEPT 4u

/* A thread that had the block and is gone; its counts are still in the block. */
struct ended_thread {
	uint32_t thread, pad;
	struct tally tally;
};

struct block {
	uint32_t process; /* numbered from 1 in the order of their first copies; 0: never taken */
	uint32_t pid;	  /* as the process itself saw it */
	uint32_t program; /* module that is its program */
	uint32_t thread;  /* who has it, numbered from 1 in its process; 0: nobody now */
	uint64_t next;	  /* of the process's own free ones */
	struct tally before; /* what was in it when that thread took it */
	uint64_t nended;     /* threads that had it before, and the busiest of them */
	struct ended_thread ended[ENDED_KEPT];
	struct counts counts;
	struct tally others; /* callers that have no entry */
	struct caller callers[CALLERS];
};

#define CHUNK_BLOCKS 32u
#define CHUNKS 4096u

struct chunk {
	/* Of fresh blocks, how many were taken; the last ones may be more than there are. */
	uint32_t taken, pad;
};

#define MODULES 4096u
#define MODULE_PATH 216u
#define BUILD_ID 32u

/* Entry 0 stands for code that is in no file. */
struct module {
	uint32_t state; /* 0 free, 1 being written, 2 there */
	uint32_t id_len;
	uint8_t id[BUILD_ID];
	char path[MODULE_PATH];
};

struct region {
	uint64_t magic;
	uint32_t version, header_size;
	uint32_t block_size, current; /* chunk to take blocks from */
	uint32_t processes;	      /* that have a number */
	uint32_t images;	      /* programs that were started with the library */
	uint32_t modules; /* entries used, the first included; may be more than there are */
	uint32_t pad;
	struct chunk chunks[CHUNKS];
	struct module module[MODULES];
	/* Of copies that no block could be had for; by atomic additions. */
	struct counts shared;
};

#define PAGE 65536ull /* or less, on other machines */
#define ROUND_UP(n, to) (((n) + (to)-1) / (to) * (to))
#define HEADER_SIZE ROUND_UP(sizeof(struct region), PAGE)
#define BLOCK_SIZE ROUND_UP(sizeof(struct block), 4096ull)
#define CHUNK_SIZE ROUND_UP(CHUNK_BLOCKS *BLOCK_SIZE, PAGE)
#define REGION_SIZE (HEADER_SIZE + CHUNKS * CHUNK_SIZE)

#endif

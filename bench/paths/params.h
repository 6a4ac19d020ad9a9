/* SPDX-License-Identifier: GPL-2.0-only */
/* The parameters of a case: everything that a path may be asked to vary. */
#ifndef DMABENCH_PARAMS_H
#define DMABENCH_PARAMS_H

#include <stdint.h>

#include "memory/pages.h"

enum cache_state { CACHE_HOT, CACHE_COLD, CACHE_STATES };
enum wait_mode { WAIT_INTERRUPT, WAIT_POLL, WAIT_MODES };
/* Of DSA's work queues: how work goes there, how its end is awaited, what a page fault does … */
enum dsa_submit { DSA_SUBMIT_ANY, DSA_SUBMIT_PORTAL, DSA_SUBMIT_WRITE, DSA_SUBMITS };
enum dsa_wait { DSA_WAIT_PAUSE, DSA_WAIT_UMWAIT, DSA_WAIT_YIELD, DSA_WAITS };
enum dsa_fault { DSA_FAULT_RESUME, DSA_FAULT_BLOCK, DSA_FAULTS };
/* … and where the device leaves what it wrote. */
enum cache_control { CC_MEMORY, CC_CACHE, CC_WAYS };
/* What the CPU does with the bytes, within the time of each operation … */
enum use_kind { USE_NONE, USE_READ, USE_WRITE_READ, USES };
/* … and were the destination's pages there before it? */
enum touch_kind { TOUCH_PREFAULT, TOUCH_FRESH, TOUCHES };
/* One way, or half of the bytes the other way at the same time. */
enum direction_kind { DIRECTION_ONE, DIRECTION_BOTH, DIRECTIONS };

extern const char *const cache_names[CACHE_STATES];
extern const char *const wait_names[WAIT_MODES];
extern const char *const dsa_submit_names[DSA_SUBMITS];
extern const char *const dsa_wait_names[DSA_WAITS];
extern const char *const dsa_fault_names[DSA_FAULTS];
extern const char *const cc_names[CC_WAYS];
extern const char *const use_names[USES];
extern const char *const touch_names[TOUCHES];
extern const char *const direction_names[DIRECTIONS];

/* Which parameters matter to a path. size always does. */
#define AXIS_NODES (1u << 0) /* cpu_node, src_node, dst_node */
#define AXIS_PAGES (1u << 1)
#define AXIS_CACHE (1u << 2)
#define AXIS_OFFSET (1u << 3)
#define AXIS_THREADS (1u << 4)
#define AXIS_ENGINE (1u << 5) /* engine, depth, chunk, wait */
#define AXIS_SHARE (1u << 6)
#define AXIS_VECTOR (1u << 7)
#define AXIS_PREFETCH (1u << 8)
#define AXIS_CPU_NODE (1u << 9)	    /* cpu_node alone: the buffers lie where they lie */
#define AXIS_ENGINE_NAME (1u << 10) /* engine alone */
#define AXIS_CHANNELS (1u << 11)
#define AXIS_BATCH (1u << 12)
#define AXIS_QUEUE (1u << 13)
#define AXIS_DSA (1u << 14)    /* dsa_queue, dsa_submit, dsa_wait, dsa_fault, cc */
#define AXIS_PIECES (1u << 15) /* depth, chunk: of paths over no engine of the driver's */

/* Whose engines a path takes: each has names of its own. See engine_sources.h. */
enum engine_family { ENGINES_DRIVER, ENGINES_GPU, ENGINE_FAMILIES };

#define ENGINE_LABEL_LEN 32
#define MAX_PREFETCH 65536 /* bytes */
#define MAX_QUEUE 4096	   /* operations */

struct case_params {
	uint64_t size; /* bytes per operation, both directions together */
	int cpu_node, src_node, dst_node;
	enum page_kind pages;
	enum cache_state cache;
	uint32_t offset;   /* bytes past a page boundary, both sides */
	uint32_t threads;  /* 0: every CPU of the node, within a quota */
	uint32_t share;	   /* percent of the pages written after a snapshot or move */
	uint32_t vector;   /* width of vector registers in bits, 0: the widest */
	uint32_t prefetch; /* bytes from a load to the line prefetched then, 0: none */
	uint64_t chunk;	   /* bytes, 0: likewise */
	uint32_t depth;	   /* descriptors in flight, 0: the driver's or the path's choice */
	uint32_t batch;	   /* copies that an operation is cut into, 0: 16 */
	uint32_t queue;	   /* operations in flight, 0: one */
	uint32_t channels; /* of the engine that share a copy, 0: all it has */
	enum wait_mode wait;
	char engine[ENGINE_LABEL_LEN]; /* see engines.h; "" for none */
	char dsa_queue[ENGINE_LABEL_LEN];
	enum dsa_submit dsa_submit;
	enum dsa_wait dsa_wait;
	enum dsa_fault dsa_fault;
	enum cache_control cc;
	enum use_kind use;
	enum touch_kind touch;
	enum direction_kind direction;
	uint32_t load; /* percent of their time that others read memory meanwhile */
};

#endif

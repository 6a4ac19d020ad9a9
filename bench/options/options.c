// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine/nodes.h"
#include "machine/state.h"
#include "paths/engine_sources.h"
#include "plan/numa_matrix.h"
#include "result/engines_json.h"
#include "statistics/rng.h"
#include "option_readers.h"

#define MS 1000000ull

#define AXIS(field) offsetof(struct axes, field)
#define CONFIG(field) offsetof(struct measure_config, field)

static int read_and(void *into, const struct option *row, const char *text);

const struct option run_option_rows[] = {
	{ "--path", "LIST", "paths to measure, see list (default: all)", read_paths, 0, 0 },
	{ "--size", "LIST", "bytes per operation, 4K or 1M or 5000 (4K,64K,1M,16M)", read_sizes,
	  AXIS(size), 1 },
	{ "--cpu-node", "LIST", "NUMA node of the CPU (where we are)", read_nodes, AXIS(cpu_node),
	  0 },
	{ "--src-node", "LIST", "NUMA node of the source (where we are)", read_nodes,
	  AXIS(src_node), 0 },
	{ "--dst-node", "LIST", "NUMA node of the destination (where we are)", read_nodes,
	  AXIS(dst_node), 0 },
	{ "--numa-matrix", NULL,
	  "every node as the CPU's, the source's and the destination's; without --*-node",
	  read_numa_matrix, 0, 0 },
	{ "--pages", "LIST", "4K, thp, 2M, 1G (4K)", read_words, AXIS(pages), 0 },
	{ "--cache", "LIST", "hot, cold: evicted before each operation (hot)", read_words,
	  AXIS(cache), 0 },
	{ "--offset", "LIST", "bytes past a page boundary, both sides (0)", read_numbers,
	  AXIS(offset), 65535 },
	{ "--threads", "LIST",
	  "of memcpy-mt, 0: all that may run; of pinned-mt …, 0: one a channel (0)", read_numbers,
	  AXIS(threads), MAX_CPUS },
	{ "--vector", "LIST", "bits of vector registers: 128, 256, 512; 0: the widest (0)",
	  read_vectors, AXIS(vector), 512 },
	{ "--prefetch", "LIST", "bytes ahead that nt prefetches its source, 0: not (0)",
	  read_numbers, AXIS(prefetch), MAX_PREFETCH },
	{ "--share", "LIST", "percent of pages written after a snapshot or move (0)", read_numbers,
	  AXIS(share), 100 },
	{ "--engine", "LIST",
	  "channels, providers, either with /NODE or /near; all (one channel of each provider)",
	  read_engines, 0, 0 },
	{ "--channels", "LIST", "of the engine, shared by pinned-mt, registered-mt; 0: all (0)",
	  read_numbers, AXIS(channels), MAX_ENGINES },
	{ "--batch", "LIST", "copies that batch and memcpy-batch cut an operation into, 0: 16 (0)",
	  read_numbers, AXIS(batch), DMABENCH_MAX_SEGMENTS },
	{ "--queue", "LIST", "operations of memcpy-mt in flight, 0: 1 by all (0)", read_numbers,
	  AXIS(queue), MAX_QUEUE },
	{ "--depth", "LIST", "descriptors in flight, 0: the driver's choice (0)", read_numbers,
	  AXIS(depth), 1 << 20 },
	{ "--chunk", "LIST", "bytes pinned and mapped at a time, 0: the driver's choice (0)",
	  read_sizes, AXIS(chunk), 0 },
	{ "--wait", "LIST", "interrupt, poll (interrupt)", read_words, AXIS(wait), 0 },
	{ "--dsa-queue", "LIST", "DSA work queues or devices, either with /NODE or /near (any)",
	  read_dsa_queues, 0, 0 },
	{ "--dsa-submit", "LIST", "any, portal, write: how work goes to a DSA queue (any)",
	  read_words, AXIS(dsa_submit), 0 },
	{ "--dsa-wait", "LIST", "pause, umwait, yield: how its end is awaited (pause)", read_words,
	  AXIS(dsa_wait), 0 },
	{ "--dsa-fault", "LIST", "resume, block: what the device does on a page fault (resume)",
	  read_words, AXIS(dsa_fault), 0 },
	{ "--cc", "LIST", "memory, cache: where a DSA device leaves what it wrote (memory)",
	  read_words, AXIS(cc), 0 },
	{ "--use", "LIST",
	  "none, read, write+read: what the CPU does with the bytes, in the time (none)",
	  read_words, AXIS(use), 0 },
	{ "--touch", "LIST",
	  "prefault, fresh: each operation into pages never touched before (prefault)", read_words,
	  AXIS(touch), 0 },
	{ "--direction", "LIST",
	  "one, both: half of the bytes the other way at the same time, by half of the threads "
	  "(one)",
	  read_words, AXIS(direction), 0 },
	{ "--load", "LIST",
	  "percent of their time that processes on the other CPUs read memory meanwhile (0)",
	  read_numbers, AXIS(load), 100 },
	{ "--and", NULL, "begin another group of cases, measured in the same run", read_and, 0, 0 },
	{ "--launches", "N", "fresh processes per case (10)", read_launches, 0, 1000 },
	{ "--samples", "N", "timed batches per launch, at most (10)", read_samples, 0,
	  MAX_SAMPLES },
	{ "--sample-ms", "N", "a batch is at least this long, or one operation (2)", read_ms,
	  CONFIG(sample_ns), 60000 },
	{ "--budget-ms", "N", "no further batch is begun beyond this per launch (300)", read_ms,
	  CONFIG(budget_ns), 3600000 },
	{ "--cpu-ms", "N", "time for CPU use per launch, 0: don't measure it (60)", read_ms,
	  CONFIG(cpu_phase_ns), 60000 },
	{ "--calibrate-ms", "N", "idle time per launch to calibrate CPU use (30)", read_ms,
	  CONFIG(calibrate_ns), 60000 },
	{ "--descriptor-ms", "N", "time for descriptor latencies per launch, 0: none (10)", read_ms,
	  CONFIG(descriptor_ns), 60000 },
	{ "--event-ms", "N", "time for counting events per launch, 0: none (10)", read_ms,
	  CONFIG(event_ns), 60000 },
	{ "--neighbour-ms", "N", "time per launch for the cost to a neighbour, 0: don't (0)",
	  read_ms, CONFIG(neighbour_ns), 60000 },
	{ "--settle-ms", "N", "idle time before each launch (0)", read_ms, CONFIG(settle_ns),
	  60000 },
	{ "--seed", "N", "of orders and patterns (from the clock)", read_seed, 0,
	  (1ull << 53) - 1 },
	{ "--env", "ID", "name of this environment in the result (host)", read_env, 0, 0 },
	{ "--mode", "WORD", "recorded with the result (custom)", read_mode, 0, 0 },
	{ "--only", "ID", "of the cases planned, those with this id; repeatable (all)", read_only,
	  0, 0 },
	{ "--state-ms", "N", "time to watch the machine before and after, 0: don't watch (300)",
	  read_state_ms, 0, 60000 },
	{ "-o", "FILE", "write the result here, from the first launch on", read_output, 0, 0 },
	{ "--force", NULL, "overwrite FILE", read_force, 0, 0 },
	{ "--ids", NULL, "at the end a line a case with its id, not the table for people", read_ids,
	  0, 0 },
	{ "--part", NULL, "part of a larger run: FILE never says that it is complete", read_part, 0,
	  0 },
	{ "--dry-run", NULL, "show plan and estimate, measure nothing", read_dry_run, 0, 0 },
	{ 0 },
};

bool options_measure(const struct run_options *o, size_t i, const char **name, uint64_t *value)
{
	for (const struct option *row = run_option_rows; row->name; row++) {
		bool time = row->read == read_ms;

		if (!time && row->read != read_samples)
			continue;
		if (i--)
			continue;
		*name = row->name;
		*value = time ? *(const uint64_t *)((const char *)&o->measure + row->at) / MS
			      : o->measure.samples;
		return true;
	}
	return false;
}

/* What is listed of a family; "any" where there is nothing, to be skipped with the reason. */
static void default_engines(struct axes *axes, int family)
{
	struct dmabench_engine_info engines[MAX_ENGINES];
	struct labels *list = &axes->engine[family];
	char why[160];
	int count = engine_sources[family]->list(engines, why, sizeof(why));

	list->n = 0;
	for (int i = 0; axes->all_engines && i < count; i++)
		memcpy(list->v[list->n++], engines[i].name, sizeof(list->v[0]));
	if (!axes->all_engines)
		engines_choose(engines, count, axes->numa_matrix, list);
	if (!list->n)
		strcpy(list->v[list->n++], "any");
}

/* Of the families that the group's paths take: asking a driver for nothing would cost time. */
static void fill_engines(struct axes *axes)
{
	unsigned int families = 0;

	for (size_t i = 0; i < axes->npaths; i++)
		families |= path_families(axes->paths[i]);
	for (int family = 0; family < ENGINE_FAMILIES; family++)
		if (families & FAMILY(family) && (!axes->engine[family].n || axes->all_engines))
			default_engines(axes, family);
}

static int fill_matrix(struct axes *axes)
{
	int ret = numa_matrix_axes(axes);

	if (ret == -EEXIST)
		fprintf(stderr, "dmabench: --numa-matrix: sets the nodes of its group, expected no "
				"--cpu-node, --src-node or --dst-node beside it\n");
	else if (ret)
		fprintf(stderr, "dmabench: --numa-matrix: expected 1 to %d usable nodes\n",
			MAX_VALUES);
	return ret ? EXIT_USAGE : 0;
}

static int close_group(struct parser *p)
{
	char twice[512];
	int ret;

	if (p->axes.numa_matrix && fill_matrix(&p->axes))
		return EXIT_USAGE;
	axes_defaults(&p->axes);
	fill_engines(&p->axes);
	ret = plan_add(&p->o->plan, &p->axes, twice, sizeof(twice));
	if (ret == -EEXIST)
		fprintf(stderr, "dmabench: case named twice: %s\n", twice);
	else if (ret)
		fprintf(stderr, "dmabench: too many cases\n");
	memset(&p->axes, 0, sizeof(p->axes));
	return ret ? EXIT_USAGE : 0;
}

static int keep_only(struct run_options *o)
{
	const char *unknown = plan_keep(&o->plan, o->only, o->nonly, o->env_id);

	if (!unknown)
		return 0;
	fprintf(stderr, "dmabench: --only \"%s\": expected the id of a case that is planned\n",
		unknown);
	return EXIT_USAGE;
}

static int read_and(void *into, const struct option *row, const char *text)
{
	(void)row;
	(void)text;
	return close_group(into);
}

int options_parse_run(int argc, char **argv, struct run_options *o)
{
	struct parser p = { .o = o };

	memset(o, 0, sizeof(*o));
	o->launches = 10;
	o->env_id = "host";
	o->mode = "custom";
	o->state_ns = STATE_WINDOW_NS;
	o->measure = (struct measure_config){ .samples = 10,
					      .sample_ns = 2 * MS,
					      .budget_ns = 300 * MS,
					      .cpu_phase_ns = 60 * MS,
					      .calibrate_ns = 30 * MS,
					      .descriptor_ns = 10 * MS,
					      .event_ns = 10 * MS };
	o->measure.seed = rng_mix((uint64_t)time(NULL) ^ ((uint64_t)getpid() << 32)) >> 11;
	if (options_read(argv[0], run_option_rows, NULL, &p, argc, argv))
		return EXIT_USAGE;
	if (close_group(&p))
		return EXIT_USAGE;
	return keep_only(o);
}

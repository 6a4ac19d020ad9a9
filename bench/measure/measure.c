// SPDX-License-Identifier: GPL-2.0-only
#include "measure.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "machine/ulimits.h"
#include "phase.h"

static void (*taker)(const struct launch_result *result);

void measure_ends_by(void (*take)(const struct launch_result *result))
{
	taker = take;
}

/* From any thread, while the others may be anywhere: nothing is undone. */
static void give_up(struct copy_ctx *ctx)
{
	const struct bench *b =
		(const struct bench *)((const char *)ctx - offsetof(struct bench, ctx));

	b->result->status = LAUNCH_FAILED;
	snprintf(b->result->reason, sizeof(b->result->reason), "given up: %s", ctx->reason);
	if (taker)
		taker(b->result);
	else
		fprintf(stderr, "dmabench: %s\n", b->result->reason);
	_exit(1);
}

/*
 * Put the launch on the first usable CPU of its node. A node without one is never stood
 * in for by another: the case would then not be what its id says.
 */
static int take_place(struct bench *b)
{
	int node = b->ctx.params.cpu_node;
	int ret = node_check_cpu(node, b->ctx.reason, sizeof(b->ctx.reason));

	if (ret)
		return ret;
	b->ctx.ncpus = node_cpus(node, b->cpus);
	b->ctx.cpus = b->cpus;
	b->result->cpu = b->cpus[0];
	ret = pin_to_cpu(b->cpus[0]);
	if (ret)
		snprintf(b->ctx.reason, sizeof(b->ctx.reason), "CPU %d: sched_setaffinity: %s",
			 b->cpus[0], strerror(-ret));
	return ret;
}

static int run_case(struct bench *b)
{
	const struct copy_path *path = b->c->path;
	double op_ns;
	int ret = path->setup ? path->setup(&b->ctx) : 0;

	if (ret) {
		phase_end(b, phase_lacking(ret) ? LAUNCH_SKIPPED : LAUNCH_FAILED, "setting up",
			  ret);
		goto teardown;
	}
	use_begin(b);
	memcpy(b->result->variant, b->ctx.variant, sizeof(b->result->variant));
	ret = phase_fresh(b);
	if (!ret)
		ret = phase_warm_up(b, &op_ns);
	if (!ret)
		ret = phase_placement(b);
	if (!ret)
		ret = phase_each(b, op_ns);
	if (!ret)
		ret = phase_samples(b, op_ns);
	if (!ret)
		ret = phase_first_touch(b);
	if (!ret)
		ret = phase_use(b);
	if (!ret)
		ret = phase_descriptors(b);
	if (!ret)
		ret = phase_events(b);
	if (!ret)
		ret = phase_cpu(b);
teardown:
	if (path->teardown)
		path->teardown(&b->ctx);
	return ret;
}

void measure(const struct bench_case *c, const struct measure_config *config,
	     struct launch_result *result)
{
	struct bench b = { .c = c, .config = config, .result = result };
	int ret;

	memset(result, 0, sizeof(*result));
	b.ctx.params = c->params;
	b.ctx.seed = config->seed;
	b.ctx.give_up = give_up;
	/* What the kernel put off until somebody has time belongs to the launch before. */
	sleep_ns(config->settle_ns);
	ret = path_takes(c->path, &c->params, b.ctx.reason, sizeof(b.ctx.reason));
	if (!ret)
		ret = take_place(&b);
	if (ret) {
		phase_end(&b, LAUNCH_SKIPPED, "taking place", ret);
		return;
	}
	/* Before the buffers: the soaker must not share their pages. */
	if (config->cpu_phase_ns && !phase_uncounted(&b)) {
		b.soaker = soaker_start(b.no_soaker, sizeof(b.no_soaker));
		if (b.soaker)
			soaker_calibrate(b.soaker, config->calibrate_ns);
	}
	/* Nor must the others, which are at work from here on. */
	if (c->params.load) {
		b.load = load_start(b.cpus, b.ctx.ncpus, c->params.load, b.ctx.reason,
				    sizeof(b.ctx.reason));
		if (!b.load) {
			phase_end(&b, LAUNCH_SKIPPED, "others at work", -ENODEV);
			return;
		}
		result->load_cpus = load_cpus(b.load);
	}
	ret = arena_create(&b.arena, c->path, &b.ctx, config->seed, b.ctx.reason,
			   sizeof(b.ctx.reason));
	if (ret)
		phase_end(&b, LAUNCH_SKIPPED, "buffers", ret);
	else
		ret = run_case(&b);
	result->engine_lost = b.ctx.unfinished;
	arena_destroy(&b.arena);
	soaker_stop(b.soaker);
	load_stop(b.load);
	if (!ret)
		phase_neighbour(&b);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a path costs a neighbour on another CPU. Runs after everything else of a launch,
 * with buffers of its own: the neighbour alone, both together, the neighbour alone again.
 * Alone means that nothing of the path is there, not even threads that spin for work.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "machine/clock.h"
#include "machine/quota.h"
#include "plan/capacity.h"
#include "co_runner.h"
#include "phase.h"

/* Working sets are gone through, and a woken process has had its first turn. */
#define SETTLE_NS 15000000ull

static int cannot(struct launch_result *r, const char *why)
{
	snprintf(r->no_neighbour_reason, sizeof(r->no_neighbour_reason), "%s", why);
	return 0;
}

/* With the neighbour there, as it may be without: its cost isn't known, what was measured stays. */
static int unavailable(struct bench *b, const char *what, int err)
{
	snprintf(b->result->no_neighbour_reason, sizeof(b->result->no_neighbour_reason),
		 "%s beside a neighbour: %.120s", what,
		 *b->ctx.reason ? b->ctx.reason : strerror(-err));
	return 1;
}

/* The neighbour's rate, bytes per ns, with nothing else going on. */
static double rate_alone(struct co_runner *v, enum co_runner_kind kind, uint64_t ns)
{
	double bytes;
	uint64_t start, stop;

	co_runner_work(v, kind);
	sleep_ns(SETTLE_NS);
	bytes = co_runner_bytes(v);
	start = now_ns();
	sleep_ns(ns);
	stop = now_ns();
	bytes = co_runner_bytes(v) - bytes;
	co_runner_rest(v);
	return bytes / (double)(stop - start);
}

/* ns per operation of the path; the neighbour works meanwhile if rate isn't NULL. */
static int together(struct bench *b, struct co_runner *v, enum co_runner_kind kind, double *rate,
		    double *op_ns)
{
	double bytes;
	struct stretch s;
	uint64_t start;
	int ret;

	if (rate)
		co_runner_work(v, kind);
	ret = phase_operate(b, SETTLE_NS, NULL, &s);
	bytes = co_runner_bytes(v);
	start = now_ns();
	if (!ret)
		ret = phase_operate(b, b->config->neighbour_ns, NULL, &s);
	bytes = co_runner_bytes(v) - bytes;
	if (rate) {
		*rate = bytes / (double)(now_ns() - start);
		co_runner_rest(v);
	}
	if (!ret)
		*op_ns = s.ns / (double)s.ops;
	return ret;
}

/*
 * Both kinds beside the path, whose buffers are poisoned and verified as ever. 1: that can't be done,
 * the result says why.
 */
static int beside_path(struct bench *b, struct co_runner *v, struct neighbour *n)
{
	const struct copy_path *path = b->c->path;
	int ret = arena_create(&b->arena, path, &b->ctx, b->config->seed, b->ctx.reason,
			       sizeof(b->ctx.reason));

	if (ret)
		return unavailable(b, "buffers", ret);
	ret = path->setup ? path->setup(&b->ctx) : 0;
	if (ret)
		ret = phase_lacking(ret) ? unavailable(b, "setting up", ret)
					 : phase_end(b, LAUNCH_FAILED, "setting up", ret);
	if (!ret)
		ret = phase_poison(b);
	if (!ret)
		ret = together(b, v, CO_RUNNER_CACHE, NULL, &n->path_alone);
	for (int kind = 0; kind < CO_RUNNER_KINDS && !ret; kind++)
		ret = together(b, v, (enum co_runner_kind)kind, &n->with[kind],
			       &n->path_with[kind]);
	if (!ret)
		ret = phase_verify(b);
	if (path->teardown)
		path->teardown(&b->ctx);
	arena_destroy(&b->arena);
	return ret;
}

static unsigned int threads_of(const struct bench *b)
{
	if (!(b->c->path->axes & AXIS_THREADS))
		return 1;
	return b->c->params.threads ? b->c->params.threads : quota_threads(b->ctx.params.cpu_node);
}

/* A path with threads of its own may want the neighbour's CPU. */
static bool shares_cpu(const struct bench *b, int cpu)
{
	for (unsigned int i = 0; i < threads_of(b) && b->c->path->axes & AXIS_THREADS; i++)
		if (b->cpus[i] == cpu)
			return true;
	return false;
}

static int measure_beside(struct bench *b, struct co_runner *v, struct neighbour *n)
{
	uint64_t ns = b->config->neighbour_ns;
	int ret;

	for (int kind = 0; kind < CO_RUNNER_KINDS; kind++)
		n->before[kind] = rate_alone(v, (enum co_runner_kind)kind, ns);
	ret = beside_path(b, v, n);
	if (ret > 0)
		return 0;
	for (int kind = 0; kind < CO_RUNNER_KINDS && !ret; kind++) {
		n->after[kind] = rate_alone(v, (enum co_runner_kind)kind, ns);
		if (!(n->before[kind] > 0 && n->with[kind] > 0 && n->after[kind] > 0))
			return cannot(b->result, "the neighbour had no turn");
	}
	b->result->have_neighbour = !ret;
	return ret;
}

int phase_neighbour(struct bench *b)
{
	struct neighbour *n = &b->result->neighbour;
	struct co_runner *v;
	char why[NEIGHBOUR_REASON], lacks[NEIGHBOUR_REASON - 40];
	int cpu, ret;

	if (!b->config->neighbour_ns)
		return cannot(b->result, "not measured in this run");
	if (phase_uncounted(b))
		return cannot(b->result, phase_uncounted(b));
	cpu = co_runner_cpu(b->cpus, b->ctx.ncpus, &n->smt_sibling);
	if (cpu < 0)
		return cannot(b->result, "the node has no other usable CPU");
	if (quota_lacks(threads_of(b) + 1))
		return cannot(b->result, "the CPU quota isn't enough for both");
	if (capacity_beside(b->c, co_runner_working_set(CO_RUNNER_BANDWIDTH, cpu), lacks,
			    sizeof(lacks))) {
		snprintf(why, sizeof(why), "beside the neighbour's buffer: %s", lacks);
		return cannot(b->result, why);
	}
	v = co_runner_start(cpu, why, sizeof(why));
	if (!v)
		return cannot(b->result, why);
	n->cpu = cpu;
	n->shares_cpu = shares_cpu(b, cpu);
	for (int kind = 0; kind < CO_RUNNER_KINDS; kind++)
		n->working_set[kind] = co_runner_working_set((enum co_runner_kind)kind, cpu);
	/* As the case began: the path left its own in there. */
	b->ctx.priv = NULL;
	b->ctx.reason[0] = '\0';
	b->ctx.stages = NULL;
	ret = measure_beside(b, v, n);
	co_runner_stop(v);
	return ret;
}

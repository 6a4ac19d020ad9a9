// SPDX-License-Identifier: GPL-2.0-only
#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cache.h"
#include "clock.h"
#include "nodes.h"
#include "soaker.h"

/* One reading of the clock may be 1/50 of what is timed: 2 %. */
#define CLOCK_SHARE 50

struct bench {
	const struct bench_case *c;
	const struct measure_config *config;
	struct launch_result *result;
	struct copy_ctx ctx;
	struct arena arena;
	struct soaker *soaker;
	uint64_t batch; /* operations between two readings of the clock */
	int cpus[MAX_CPUS];
};

/* What a stretch of operations came to. */
struct stretch {
	uint64_t ops;
	double ns; /* timed windows only */
};

static int end(struct bench *b, enum launch_status status, const char *what, int err)
{
	struct launch_result *r = b->result;

	r->status = status;
	if (b->ctx.reason[0])
		snprintf(r->reason, sizeof(r->reason), "%s: %s", what, b->ctx.reason);
	else
		snprintf(r->reason, sizeof(r->reason), "%s: %s", what, strerror(-err));
	return err;
}

static inline int operate(struct bench *b)
{
	const struct copy_path *path = b->c->path;
	int ret = path->submit(&b->ctx);

	if (!ret && path->wait)
		ret = path->wait(&b->ctx);
	b->ctx.ops++;
	return ret;
}

/* Operate until the timed windows add up to ns; latencies go to hist if there is one. */
static int run_for(struct bench *b, uint64_t ns, struct hist *hist, struct stretch *s)
{
	const bool cold = b->ctx.params.cache == CACHE_COLD;
	const size_t size = b->ctx.params.size;

	memset(s, 0, sizeof(*s));
	do {
		uint64_t start, stop;

		if (cold) {
			cache_evict(b->ctx.src, size);
			cache_evict(b->ctx.dst, size);
		}
		start = now_ns();
		for (uint64_t i = 0; i < b->batch; i++) {
			int ret = operate(b);

			if (ret)
				return end(b, LAUNCH_FAILED, "copying", ret);
		}
		stop = now_ns();
		if (hist)
			hist_record(hist, (double)(stop - start), b->batch);
		s->ops += b->batch;
		s->ns += (double)(stop - start);
	} while (s->ns < (double)ns);
	return 0;
}

static int poison(struct bench *b)
{
	int ret = arena_poison(&b->arena);

	return ret ? end(b, LAUNCH_FAILED, "filling the path's buffers", ret) : 0;
}

static int verify(struct bench *b)
{
	struct launch_result *r = b->result;
	int ret = arena_verify(&b->arena, r->reason, sizeof(r->reason));

	if (ret)
		r->status = LAUNCH_FAILED;
	else
		r->verified_bytes += b->ctx.params.size;
	return ret;
}

/* Poison, run, verify: what every stretch goes through. The caller sets up what is summed. */
static int sample(struct bench *b, uint64_t ns, struct hist *hist, struct stretch *s)
{
	int ret = poison(b);

	if (ret)
		return ret;
	if (b->ctx.params.cache == CACHE_HOT)
		cache_touch(b->ctx.src, b->ctx.params.size);
	ret = run_for(b, ns, hist, s);
	if (ret)
		return ret;
	return verify(b);
}

/* Find how many operations one timing needs, so that the clock's cost doesn't count. */
static int warm_up(struct bench *b, double *op_ns)
{
	struct clock_info clock;
	struct stretch s;
	int ret;

	clock_examine(&clock);
	b->batch = 1;
	for (;;) {
		ret = sample(b, 0, NULL, &s);
		if (ret)
			return ret;
		*op_ns = s.ns / (double)s.ops;
		if (b->ctx.params.cache == CACHE_COLD || s.ns >= CLOCK_SHARE * clock.cost_ns)
			return 0;
		b->batch *= 2;
	}
}

static int take_samples(struct bench *b, double op_ns)
{
	const struct measure_config *config = b->config;
	struct launch_result *r = b->result;
	double spent = 0;

	b->ctx.stages = &r->stages;
	while (r->samples < config->samples) {
		struct stretch s;
		int ret;

		/* Slow operations get fewer samples, never none. */
		if (r->samples && spent + op_ns > (double)config->budget_ns)
			break;
		ret = sample(b, config->sample_ns, &r->latency, &s);
		if (ret)
			return ret;
		r->sample_ns_per_op[r->samples++] = s.ns / (double)s.ops;
		r->ops += s.ops;
		spent += s.ns;
	}
	b->ctx.stages = NULL;
	r->ops_per_timing = b->batch;
	return 0;
}

static int take_cpu(struct bench *b)
{
	struct launch_result *r = b->result;
	double bytes, used, left;
	struct stretch s;
	uint64_t cpu;
	int ret;

	if (b->ctx.params.cache == CACHE_COLD) {
		snprintf(r->no_cpu_reason, sizeof(r->no_cpu_reason),
			 "emptying the caches between operations would be counted");
		return 0;
	}
	if (!b->soaker) {
		snprintf(r->no_cpu_reason, sizeof(r->no_cpu_reason), "not measured in this run");
		return 0;
	}
	ret = poison(b);
	if (ret)
		return ret;
	soaker_on(b->soaker);
	ret = run_for(b, SOAKER_SETTLE_NS, NULL, &s);
	soaker_mark(b->soaker);
	cpu = cpu_time_ns();
	if (!ret)
		ret = run_for(b, b->config->cpu_phase_ns, NULL, &s);
	cpu = cpu_time_ns() - cpu;
	used = soaker_off(b->soaker, &left);
	if (ret)
		return ret;
	ret = verify(b);
	if (ret)
		return ret;
	bytes = (double)s.ops * (double)b->ctx.params.size;
	r->have_cpu = true;
	r->cpu_caller = (double)cpu / bytes;
	r->cpu_machine = used / bytes;
	r->cpu_left = left;
	return 0;
}

/* One side: where is it? Wrong is a failure; not to be seen is said as such. */
static int check_side(struct bench *b, int side, const void *at, int node)
{
	struct launch_result *r = b->result;
	struct region region = { (uint8_t *)at, b->ctx.params.size, (uint8_t *)at,
				 b->ctx.params.size };
	struct placement *where = &r->placement[side];
	size_t right, wrong = 0;

	if (!at || region_placement(&region, where))
		return 0;
	r->have_placement[side] = true;
	right = node < MAX_NODES ? where->pages[node] : 0;
	for (int i = 0; i < MAX_NODES; i++)
		wrong += where->pages[i];
	wrong = wrong + where->elsewhere - right;
	if (!wrong)
		return 0;
	r->status = LAUNCH_FAILED;
	snprintf(r->reason, sizeof(r->reason),
		 "placement: %zu of %zu pages of the %s aren't on node %d", wrong, wrong + right,
		 side ? "destination" : "source", node);
	return -EXDEV;
}

static int check_placement(struct bench *b)
{
	const struct case_params *p = &b->ctx.params;
	int ret = check_side(b, 0, b->ctx.placed_src, p->src_node);

	return ret ? ret : check_side(b, 1, b->ctx.placed_dst, p->dst_node);
}

static bool lacking(int err)
{
	return err == -ENODEV || err == -ENOMEM || err == -ENODATA || err == -EOPNOTSUPP ||
	       err == -ENOSYS || err == -EPERM || err == -EACCES || err == -EBUSY;
}

/* Put the launch on a CPU of the node; a node without CPUs is used from where we are. */
static int take_place(struct bench *b)
{
	b->ctx.ncpus = node_cpus(b->ctx.params.cpu_node, b->cpus);
	b->ctx.cpus = b->cpus;
	if (!b->ctx.ncpus) {
		snprintf(b->ctx.reason, sizeof(b->ctx.reason), "node %d has no usable CPU",
			 b->ctx.params.cpu_node);
		return -ENODATA;
	}
	b->result->cpu = b->cpus[0];
	return pin_to_cpu(b->cpus[0]);
}

static int run_case(struct bench *b)
{
	const struct copy_path *path = b->c->path;
	double op_ns;
	int ret = path->setup ? path->setup(&b->ctx) : 0;

	if (ret) {
		end(b, lacking(ret) ? LAUNCH_SKIPPED : LAUNCH_FAILED, "setting up", ret);
		goto teardown;
	}
	ret = warm_up(b, &op_ns);
	if (!ret)
		ret = check_placement(b);
	if (!ret)
		ret = take_samples(b, op_ns);
	if (!ret)
		ret = take_cpu(b);
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
	ret = take_place(&b);
	if (ret) {
		end(&b, LAUNCH_SKIPPED, "taking place", ret);
		return;
	}
	/* Before the buffers: the soaker must not share their pages. */
	if (config->cpu_phase_ns && c->params.cache == CACHE_HOT) {
		b.soaker = soaker_start();
		if (b.soaker)
			soaker_calibrate(b.soaker, config->calibrate_ns);
	}
	ret = arena_create(&b.arena, c->path, &b.ctx, config->seed, b.ctx.reason,
			   sizeof(b.ctx.reason));
	if (ret)
		end(&b, LAUNCH_SKIPPED, "buffers", ret);
	else
		run_case(&b);
	arena_destroy(&b.arena);
	soaker_stop(b.soaker);
}

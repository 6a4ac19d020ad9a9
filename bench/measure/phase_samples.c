// SPDX-License-Identifier: GPL-2.0-only
/* Operations in timed batches: the warm-up that finds the batch, and the samples. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "machine/clock.h"
#include "phase.h"

/* A window of this length wasn't made long by a stall, an interrupt, or first touches. */
#define NO_STALL_NS 20e6
#define WARM_UP_TRIES 3

/*
 * Filling a path's queue and emptying it are in a window, in which some threads may be idle:
 * it is so many times as long that this doesn't count, or as long as a slow operation allows.
 */
#define QUEUES_PER_WINDOW 64
#define QUEUES_AT_LEAST 8
#define QUEUES_NS 100e6

/* Of all threads of the launch. */
static uint64_t faults_so_far(void)
{
	struct rusage used;

	if (getrusage(RUSAGE_SELF, &used))
		return 0;
	return (uint64_t)used.ru_minflt + (uint64_t)used.ru_majflt;
}

/* The destination's pages go, and what faults have been is known. */
static int renew(struct bench *b, uint64_t *faults)
{
	int ret = arena_renew(&b->arena);

	*faults = faults_so_far();
	return ret;
}

int phase_fresh(struct bench *b)
{
	int ret = b->ctx.params.touch == TOUCH_FRESH ? arena_renew(&b->arena) : 0;

	if (ret)
		snprintf(b->ctx.reason, sizeof(b->ctx.reason),
			 "the kernel doesn't take back such pages: %s%s", strerror(-ret),
			 ret == -EINVAL ? " (those of a hugetlb pool since Linux 5.18)" : "");
	return ret ? phase_end(b, LAUNCH_SKIPPED, "fresh pages", ret) : 0;
}

/* A batch of operations with the CPU's part: apart, so that it costs nothing where there is none. */
static __attribute__((noinline)) int operate_used(struct bench *b, uint64_t *start, uint64_t *stop)
{
	int ret;

	*start = now_ns();
	ret = use_operate(b, b->batch);
	*stop = now_ns();
	return ret;
}

/* What others have read and when it is, then what they read since and how long that was. */
static void load_begin(const struct bench *b, struct load_sums *sums)
{
	if (b->load)
		*sums = (struct load_sums){ (uint64_t)load_bytes(b->load), now_ns() };
}

static void load_end(const struct bench *b, struct load_sums *sums)
{
	if (b->load)
		*sums = (struct load_sums){ (uint64_t)load_bytes(b->load) - sums->bytes,
					    now_ns() - sums->ns };
}

/* Operate until the timed windows add up to ns; latencies go to hist if there is one. */
int phase_operate(struct bench *b, uint64_t ns, struct hist *hist, struct stretch *s)
{
	const bool cold = b->ctx.params.cache == CACHE_COLD;
	const bool used = b->ctx.params.use != USE_NONE;
	const bool fresh = b->ctx.params.touch == TOUCH_FRESH;

	memset(s, 0, sizeof(*s));
	load_begin(b, &s->load);
	do {
		uint64_t start, stop, faults = 0;
		int ret;

		if (cold)
			path_evict(&b->ctx);
		ret = fresh ? renew(b, &faults) : 0;
		if (ret)
			return phase_end(b, LAUNCH_FAILED, "giving pages back", ret);
		if (used) {
			ret = operate_used(b, &start, &stop);
		} else {
			start = now_ns();
			ret = path_operate(b->c->path, &b->ctx, b->batch);
			stop = now_ns();
		}
		if (ret)
			return phase_operation_failed(b, ret);
		if (fresh)
			s->faults += faults_so_far() - faults;
		b->ctx.ops += b->batch;
		if (hist)
			hist_record(hist, (double)(stop - start), b->batch);
		s->ops += b->batch;
		s->windows++;
		s->ns += (double)(stop - start);
	} while (s->ns < (double)ns);
	load_end(b, &s->load);
	return 0;
}

/* Poison, run, verify: what every stretch goes through. The caller sets up what is summed. */
int phase_sample(struct bench *b, uint64_t ns, struct hist *hist, struct stretch *s)
{
	int ret = phase_poison(b);

	if (ret)
		return ret;
	if (b->ctx.params.cache == CACHE_HOT)
		arena_touch(&b->arena);
	ret = phase_operate(b, ns, hist, s);
	if (ret)
		return ret;
	return phase_verify(b);
}

/* The shortest of a few windows: what a batch takes when nothing else gets in. */
static int shortest_window(struct bench *b, double *ns)
{
	int ret = phase_poison(b);

	if (ret)
		return ret;
	if (b->ctx.params.cache == CACHE_HOT)
		arena_touch(&b->arena);
	for (int i = 0; i < WARM_UP_TRIES && (!i || *ns < NO_STALL_NS); i++) {
		struct stretch s;

		ret = phase_operate(b, 0, NULL, &s);
		if (ret)
			return ret;
		if (!i || s.ns < *ns)
			*ns = s.ns;
	}
	return phase_verify(b);
}

static bool hides_queue(const struct bench *b, double ns)
{
	uint64_t queue = b->ctx.params.queue;

	if (!b->c->path->drain || queue <= 1)
		return true;
	return b->batch >= queue * (ns < QUEUES_NS ? QUEUES_PER_WINDOW : QUEUES_AT_LEAST);
}

/* Find how many operations one timing needs, so that the clock doesn't count. */
int phase_warm_up(struct bench *b, double *op_ns)
{
	struct clock_info *clock = &b->result->clock;

	clock_examine(clock);
	b->batch = 1;
	for (;;) {
		double ns;
		int ret = shortest_window(b, &ns);

		if (ret)
			return ret;
		*op_ns = ns / (double)b->batch;
		/* Emptied caches and fresh pages are there for one operation: the share is what it is. */
		if (b->ctx.params.cache == CACHE_COLD || b->ctx.params.touch == TOUCH_FRESH ||
		    (ns >= clock_window_ns(clock) && b->batch >= b->config->min_batch &&
		     hides_queue(b, ns)))
			return 0;
		b->batch *= 2;
	}
}

static void add_fresh(struct bench *b, const struct stretch *s)
{
	const struct case_params *p = &b->ctx.params;
	struct fresh_sums *fresh = &b->result->fresh;

	if (p->touch != TOUCH_FRESH)
		return;
	fresh->ops += s->ops;
	fresh->faults += s->faults;
	fresh->pages += s->ops * region_whole_pages(p->size, p->offset, p->pages);
}

int phase_samples(struct bench *b, double op_ns)
{
	const struct measure_config *config = b->config;
	struct launch_result *r = b->result;
	uint64_t windows = 0;
	double spent = 0;

	b->ctx.stages = &r->stages;
	b->ctx.submissions = &r->submissions;
	b->ctx.meanwhile = &r->meanwhile;
	while (r->samples < config->samples) {
		struct stretch s;
		int ret;

		/* Slow operations get fewer samples, never none. */
		if (r->samples && spent + op_ns > (double)config->budget_ns)
			break;
		ret = phase_sample(b, config->sample_ns, &r->latency, &s);
		if (ret)
			return ret;
		r->sample_ns_per_op[r->samples++] = s.ns / (double)s.ops;
		r->ops += s.ops;
		add_fresh(b, &s);
		r->load.bytes += s.load.bytes;
		r->load.ns += s.load.ns;
		spent += s.ns;
		windows += s.windows;
	}
	b->ctx.stages = NULL;
	b->ctx.submissions = NULL;
	b->ctx.meanwhile = NULL;
	r->meanwhile.total_ns = spent;
	r->ops_per_timing = b->batch;
	r->window_ns = spent / (double)windows;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy shared among threads, as many as can run at once, each pinned to a CPU of the node and
 * each using the kernel that is fastest when all of them copy: that is tried beforehand. Word
 * takes its time from one cache to another and back: the caller, who needn't wait for it, has so
 * much more to copy. In large copies who is done early takes over pieces of the others' parts
 * instead: an operation ends with its last byte, so a CPU that is taken away for a moment
 * would hold up all.
 *
 * With a queue an operation needn't end before the next begins, and what is in flight at once
 * has buffers of its own: so each thread copies whole operations, between its own pair.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "copies/share_out.h"
#include "copies/team.h"
#include "machine/clock.h"
#include "machine/nodes.h"
#include "machine/quota.h"
#include "statistics/stats.h"
#include "kernel_path.h"

static unsigned int threads_of(const struct case_params *p)
{
	unsigned int threads = p->threads ? p->threads : quota_threads(p->cpu_node);

	/* As many each way. */
	if (path_goes_both_ways(p))
		threads -= threads % 2;
	return threads ? threads : 1;
}

static bool has_queue(const struct case_params *p)
{
	return p->queue > 1;
}

static unsigned int mt_pairs(const struct case_params *p)
{
	return has_queue(p) ? threads_of(p) : 1;
}

static int mt_probe(const struct case_params *p, char *why, size_t len)
{
	int cpus[MAX_CPUS];
	unsigned int count = node_cpus(p->cpu_node, cpus);

	if (has_queue(p) && p->cache == CACHE_COLD) {
		snprintf(why, len, "caches can't be emptied between operations that overlap");
		return -EINVAL;
	}
	if (path_goes_both_ways(p) && threads_of(p) < 2) {
		snprintf(why, len, "node %d has one usable CPU: each direction takes a thread",
			 p->cpu_node);
		return -EINVAL;
	}
	if (p->threads <= count) {
		double quota = quota_below(p->threads);

		if (p->threads <= 1 || !(quota > 0))
			return 0;
		snprintf(why, len,
			 "%u threads within a quota of %.2f CPUs would wait for each other",
			 p->threads, quota);
		return -EINVAL;
	}
	snprintf(why, len, "node %d has %u usable CPUs for %u threads", p->cpu_node, count,
		 p->threads);
	return -EINVAL;
}

static int mt_submit_many(struct copy_ctx *ctx, uint64_t n)
{
	team_submit(ctx->priv, n);
	return 0;
}

static int mt_drain(struct copy_ctx *ctx)
{
	team_drain(ctx->priv);
	return 0;
}

static void finish(void *arg)
{
	mt_drain(arg);
}

/* What copies is the same for all that is under way, and a new one is for none of it. */
static void run(void *arg, const struct copier *c, uint64_t n)
{
	const struct copy_ctx *ctx = arg;

	if (team_idle(ctx->priv))
		team_use(ctx->priv, c);
	team_submit(ctx->priv, n);
}

/* Rounds are timed so many at a time, and so often. */
#define BATCH_ROUNDS 32
#define BATCHES 21
#define BATCHES_NS 4000000u /* a busy machine: what is known by then must do */

static void copy_nothing(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)dst, (void)src, (void)size, (void)ahead;
}

static const struct copy_kernel nothing = { .name = "nothing", .copy = copy_nothing };
static const struct copier idle = { .kernel = &nothing };

static double batch_ns(struct copy_ctx *ctx, const struct copier *c)
{
	uint64_t start = now_ns();

	run(ctx, c, BATCH_ROUNDS);
	return (double)(now_ns() - start) / BATCH_ROUNDS;
}

/* From the caller's word to all the others and back, in ns. Whatever disturbs makes it longer. */
static double handover_ns(struct copy_ctx *ctx)
{
	double ns[BATCHES];
	uint64_t began = now_ns();
	size_t n = 0;

	while (n < BATCHES && (!n || now_ns() - began < BATCHES_NS))
		ns[n++] = batch_ns(ctx, &idle);
	stats_sort(ns, n);
	return ns[n / 4];
}

/* Whether that really is faster than equal parts: turn by turn, by their medians. */
static bool worth_it(struct copy_ctx *ctx, size_t ahead, const struct copier *c)
{
	double ns[2][BATCHES];
	uint64_t began = now_ns();
	size_t n = 0;

	while (n < BATCHES && (!n || now_ns() - began < 4 * BATCHES_NS)) {
		for (int longer = 0; longer < 2; longer++) {
			team_divide(ctx->priv, longer ? ahead : 0);
			run(ctx, c, 1); /* brings each part into its CPU's caches */
			ns[longer][n] = batch_ns(ctx, c);
		}
		n++;
	}
	stats_sort(ns[0], n);
	stats_sort(ns[1], n);
	return ns[1][n / 2] < ns[0][n / 2];
}

/* How long the caller's part is to be, with one round at a time, which op_ns is in equal parts. */
static void give_head_start(struct copy_ctx *ctx, const struct copier *c, double op_ns)
{
	size_t ahead =
		head_start(ctx->params.size, threads_of(&ctx->params), handover_ns(ctx), op_ns);

	team_divide(ctx->priv, worth_it(ctx, ahead, c) ? ahead : 0);
}

/* Word to all and back takes microseconds; so much only where most wait for another's CPU. */
#define ASTRAY_NS 50000000u
#define LOOKS 5

/*
 * Threads of a guest whose CPUs are many on few real ones never run at the same time, and nothing tells:
 * a contest between copies would take minutes. 0, or -EAGAIN with ctx->reason.
 */
static int run_side_by_side(struct copy_ctx *ctx)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < LOOKS && least > ASTRAY_NS; i++) {
		uint64_t start = now_ns();

		run(ctx, &idle, 1);
		mt_drain(ctx);
		if (now_ns() - start < least)
			least = now_ns() - start;
	}
	if (least <= ASTRAY_NS)
		return 0;
	snprintf(ctx->reason, sizeof(ctx->reason),
		 "%u threads don't get CPUs at the same time here: word to all and back takes %.0f "
		 "ms",
		 threads_of(&ctx->params), (double)least / 1e6);
	return -EAGAIN;
}

static int mt_setup(struct copy_ctx *ctx)
{
	const struct team_work work = { .pairs = ctx->pairs,
					.size = ctx->params.size,
					.cpus = ctx->cpus,
					.threads = threads_of(&ctx->params),
					.queue = ctx->params.queue ? ctx->params.queue : 1,
					.both_ways = path_goes_both_ways(&ctx->params) };
	struct copier winner;
	struct team *team;
	double op_ns;
	int ret = team_start(&work, &team);

	ctx->priv = team;
	if (!ret && threads_of(&ctx->params) > 1)
		ret = run_side_by_side(ctx);
	if (ret)
		return ret;
	op_ns = kernel_path_choose(ctx,
				   (struct contest){ .run = run,
						     .finish = finish,
						     .apart = work.threads > 1 && !work.both_ways &&
							      !has_queue(&ctx->params) &&
							      !team_takes_pieces(team) },
				   &winner);
	/* Against emptied caches word is quick; pieces even out what is left; in a queue
	 * nobody waits for word; and of two directions each has its bytes. */
	if (!team_takes_pieces(team) && ctx->params.cache == CACHE_HOT &&
	    !has_queue(&ctx->params) && !work.both_ways)
		give_head_start(ctx, &winner, op_ns);
	team_use(team, &winner);
	ret = team_error(team);
	if (ret)
		snprintf(ctx->reason, sizeof(ctx->reason), "threads on CPUs of their own: %s",
			 strerror(-ret));
	return ret;
}

static void mt_teardown(struct copy_ctx *ctx)
{
	team_stop(ctx->priv);
}

const struct copy_path path_memcpy_mt = {
	.name = "memcpy-mt",
	.what = "the fastest copy by threads pinned to the node's CPUs",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET | AXIS_THREADS | AXIS_QUEUE,
	.contest = true,
	.both_ways = true,
	.probe = mt_probe,
	.pairs = mt_pairs,
	.setup = mt_setup,
	.submit_many = mt_submit_many,
	.drain = mt_drain,
	.teardown = mt_teardown,
};

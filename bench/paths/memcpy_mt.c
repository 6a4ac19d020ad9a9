// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy shared among threads, each pinned to a CPU of the node and each using the
 * kernel that is fastest when all of them copy: that is tried beforehand. The threads
 * wait for work by spinning, so that waking them isn't part of the time; that is CPU
 * time like any other, and counted as such. Word still takes its time from one cache to
 * another and back: the caller, who needn't wait for it, has so much more to copy. In large
 * copies who is done early takes over pieces of the others' parts instead: an operation
 * ends with its last byte, so a CPU that is taken away for a moment would hold up all.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../clock.h"
#include "../copies/share_out.h"
#include "../kernel_path.h"
#include "../nodes.h"
#include "../stats.h"

struct worker {
	pthread_t thread;
	struct crew *crew;
	unsigned int rank; /* 1 … threads-1; the caller is 0 */
	struct part part;
	_Alignas(64) atomic_size_t taken; /* bytes of the part that somebody copies or has copied */
	_Alignas(64) atomic_ulong done;	  /* rounds finished */
};

struct crew {
	struct copy_ctx *ctx;
	struct copier copier; /* written between rounds only */
	unsigned int threads, started;
	size_t piece; /* bytes that are taken at a time; 0: too few, each copies its own part */
	_Alignas(64) atomic_ulong go; /* round that may run */
	atomic_bool quit;
	_Alignas(64) unsigned long round; /* the caller's count, on a line that nobody else reads */
	struct worker workers[];
};

/* Some 50 us: whoever waits longer has time for a system call, and the other may want the CPU. */
#define SPINS_BEFORE_YIELD (1u << 12)

static void pause_cpu(unsigned int *spins)
{
	if (++*spins % SPINS_BEFORE_YIELD == 0)
		sched_yield();
#if defined(__x86_64__)
	__builtin_ia32_pause();
#else
	__asm__ volatile("yield");
#endif
}

static void copy_bytes(const struct crew *crew, size_t from, size_t size)
{
	if (size)
		copier_run(&crew->copier, crew->ctx->dst + from, crew->ctx->src + from, size);
}

/* What is left of a part, piece by piece; pieces meet where parts do, so no line is shared. */
static void copy_pieces(struct crew *crew, struct worker *owner)
{
	const struct part *part = &owner->part;

	while (atomic_load_explicit(&owner->taken, memory_order_relaxed) < part->size) {
		size_t at =
			atomic_fetch_add_explicit(&owner->taken, crew->piece, memory_order_relaxed);

		if (at >= part->size)
			return;
		copy_bytes(crew, part->from + at,
			   part->size - at < crew->piece ? part->size - at : crew->piece);
	}
}

/* A thread's share of a round: its own part first, which its caches know. */
static void copy_share(struct crew *crew, unsigned int rank)
{
	if (!crew->piece) {
		copy_bytes(crew, crew->workers[rank].part.from, crew->workers[rank].part.size);
		return;
	}
	for (unsigned int i = 0; i < crew->threads; i++)
		copy_pieces(crew, &crew->workers[(rank + i) % crew->threads]);
}

static void *work(void *arg)
{
	struct worker *self = arg;
	struct crew *crew = self->crew;

	pin_to_cpu(crew->ctx->cpus[self->rank]);
	for (unsigned long round = 1;; round++) {
		unsigned int spins = 0;

		while (atomic_load_explicit(&crew->go, memory_order_acquire) < round) {
			if (atomic_load_explicit(&crew->quit, memory_order_relaxed))
				return NULL;
			pause_cpu(&spins);
		}
		copy_share(crew, self->rank);
		atomic_store_explicit(&self->done, round, memory_order_release);
	}
}

static int mt_probe(const struct case_params *p, char *why, size_t len)
{
	int cpus[MAX_CPUS];
	unsigned int count = node_cpus(p->cpu_node, cpus);

	if (p->threads <= count)
		return 0;
	snprintf(why, len, "node %d has %u usable CPUs for %u threads", p->cpu_node, count,
		 p->threads);
	return -EINVAL;
}

static int mt_submit(struct copy_ctx *ctx)
{
	struct crew *crew = ctx->priv;

	/* Nobody looks at these between rounds. */
	for (unsigned int i = 0; crew->piece && i < crew->threads; i++)
		atomic_store_explicit(&crew->workers[i].taken, 0, memory_order_relaxed);
	atomic_store_explicit(&crew->go, ++crew->round, memory_order_release);
	copy_share(crew, 0);
	return 0;
}

static int mt_wait(struct copy_ctx *ctx)
{
	struct crew *crew = ctx->priv;
	unsigned int spins = 0;

	for (unsigned int i = 1; i < crew->threads; i++)
		while (atomic_load_explicit(&crew->workers[i].done, memory_order_acquire) <
		       crew->round)
			pause_cpu(&spins);
	return 0;
}

static void run(void *arg, const struct copier *c)
{
	struct copy_ctx *ctx = arg;
	struct crew *crew = ctx->priv;

	crew->copier = *c;
	mt_submit(ctx);
	mt_wait(ctx);
}

/* Rounds are timed so many at a time, and so often. */
#define BATCH_ROUNDS 32
#define BATCHES 21
#define BATCHES_NS 4000000u /* a busy machine: what is known by then must do */

static void copy_nothing(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)dst, (void)src, (void)size, (void)ahead;
}

static double batch_ns(struct copy_ctx *ctx, const struct copier *c)
{
	uint64_t start = now_ns();

	for (unsigned int i = 0; i < BATCH_ROUNDS; i++)
		run(ctx, c);
	return (double)(now_ns() - start) / BATCH_ROUNDS;
}

/* From the caller's word to all the others and back, in ns. Whatever disturbs makes it longer. */
static double handover_ns(struct copy_ctx *ctx)
{
	static const struct copy_kernel nothing = { .name = "nothing", .copy = copy_nothing };
	const struct copier idle = { &nothing, 0 };
	double ns[BATCHES];
	uint64_t began = now_ns();
	size_t n = 0;

	while (n < BATCHES && (!n || now_ns() - began < BATCHES_NS))
		ns[n++] = batch_ns(ctx, &idle);
	stats_sort(ns, n);
	return ns[n / 4];
}

static void divide(struct crew *crew, size_t ahead)
{
	const struct copy_ctx *ctx = crew->ctx;

	for (unsigned int i = 0; i < crew->threads; i++)
		share_out(ctx->dst, ctx->params.size, crew->threads, ahead, i,
			  &crew->workers[i].part);
}

/* Whether that really is faster than equal parts: turn by turn, by their medians. */
static bool worth_it(struct crew *crew, size_t ahead, const struct copier *c)
{
	double ns[2][BATCHES];
	uint64_t began = now_ns();
	size_t n = 0;

	while (n < BATCHES && (!n || now_ns() - began < 4 * BATCHES_NS)) {
		for (int longer = 0; longer < 2; longer++) {
			divide(crew, longer ? ahead : 0);
			run(crew->ctx, c); /* brings each part into its CPU's caches */
			ns[longer][n] = batch_ns(crew->ctx, c);
		}
		n++;
	}
	stats_sort(ns[0], n);
	stats_sort(ns[1], n);
	return ns[1][n / 2] < ns[0][n / 2];
}

/* The kernel that is fastest in equal parts, and then how long the caller's is to be. */
static void prepare(struct crew *crew)
{
	struct copy_ctx *ctx = crew->ctx;
	struct copier winner;
	double op_ns = kernel_path_choose(ctx, run, &winner);

	/* Against emptied caches word is quick; and pieces even out what is left. */
	if (!crew->piece && ctx->params.cache == CACHE_HOT) {
		size_t ahead = head_start(ctx->params.size, crew->threads, handover_ns(ctx), op_ns);

		divide(crew, worth_it(crew, ahead, &winner) ? ahead : 0);
	}
	crew->copier = winner;
}

static int mt_setup(struct copy_ctx *ctx)
{
	unsigned int threads = ctx->params.threads ? ctx->params.threads : ctx->ncpus;
	size_t bytes = sizeof(struct crew) + threads * sizeof(struct worker);
	struct crew *crew = aligned_alloc(64, (bytes + 63) / 64 * 64);

	if (!crew)
		return -ENOMEM;
	memset(crew, 0, bytes);
	crew->ctx = ctx;
	crew->threads = threads;
	crew->piece = piece_size(ctx->params.size, threads);
	ctx->priv = crew;
	divide(crew, 0);
	for (unsigned int i = 1; i < threads; i++) {
		int err;

		crew->workers[i].crew = crew;
		crew->workers[i].rank = i;
		err = pthread_create(&crew->workers[i].thread, NULL, work, &crew->workers[i]);
		if (err)
			return -err;
		crew->started = i;
	}
	prepare(crew);
	return 0;
}

static void mt_teardown(struct copy_ctx *ctx)
{
	struct crew *crew = ctx->priv;

	if (!crew)
		return;
	atomic_store(&crew->quit, true);
	for (unsigned int i = 1; i <= crew->started; i++)
		pthread_join(crew->workers[i].thread, NULL);
	free(crew);
}

const struct copy_path path_memcpy_mt = {
	.name = "memcpy-mt",
	.what = "the fastest copy by threads pinned to the node's CPUs",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET | AXIS_THREADS,
	.contest = true,
	.probe = mt_probe,
	.setup = mt_setup,
	.submit = mt_submit,
	.wait = mt_wait,
	.teardown = mt_teardown,
};

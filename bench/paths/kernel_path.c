// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "machine/clock.h"
#include "slowed_build.h"

static const char *const missing[] = {
	[COPY_LIBC] = "no memcpy", /* never */
	[COPY_MOVSB] = "this CPU has no fast rep movsb (ERMS)",
	[COPY_MOVSQ] = "rep movsq is an x86 instruction",
	[COPY_VECTOR] = "this CPU has no vectors",
	[COPY_NT] = "this CPU has no non-temporal stores",
};

int kernel_path_probe(enum copy_family family, const struct case_params *p, char *why, size_t len)
{
	if (copy_kernel_find(family, p->vector))
		return 0;
	if (p->vector)
		snprintf(why, len, "this CPU has no vectors of %u bits that it may use", p->vector);
	else
		snprintf(why, len, "%s", missing[family]);
	return -EOPNOTSUPP;
}

int kernel_path_setup(struct copy_ctx *ctx, enum copy_family family)
{
	struct copier *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	ctx->priv = c;
	c->kernel = copy_kernel_find(family, ctx->params.vector);
	c->ahead = ctx->params.prefetch;
	if (!c->kernel)
		return -EOPNOTSUPP;
	if (c->kernel->bits)
		copier_name(c, ctx->variant, sizeof(ctx->variant));
	return 0;
}

void kernel_path_run(void *arg, const struct copier *copier, uint64_t n)
{
	const struct copy_ctx *ctx = arg;
	const struct slowed_part part = slowed_part(ctx->params.size, DMABENCH_SLOWED);
	/* At hand, as a program's own: what a copy wrote may be anything. */
	const struct copier c = *copier;
	uint8_t *const dst = ctx->dst;
	const uint8_t *const src = ctx->src;
	const size_t size = ctx->params.size;

	for (; n; n--) {
		copier_run(&c, dst, src, size);
		if (DMABENCH_SLOWED)
			copier_run(&c, dst + part.from, src + part.from, part.len);
	}
}

int kernel_path_submit_many(struct copy_ctx *ctx, uint64_t n)
{
	kernel_path_run(ctx, ctx->priv, n);
	return 0;
}

void kernel_path_teardown(struct copy_ctx *ctx)
{
	free(ctx->priv);
}

static void evict(void *arg)
{
	path_evict(arg);
}

/*
 * Where other work has the CPUs threads that wait for each other take tens of ms an operation, and
 * a contest would take minutes: what it knows by then must do.
 */
#define ENOUGH_NS 5e9
#define SLOW_RATE 5.0 /* bytes per ns; slower copies have fewer trials where they are large */

double kernel_path_choose(struct copy_ctx *ctx, struct contest contest, struct copier *winner)
{
	double op_ns;

	contest.table = &copy_table;
	contest.arg = ctx;
	contest.size = ctx->params.size;
	contest.seed = ctx->seed;
	contest.now = now_ns;
	contest.before = ctx->params.cache == CACHE_COLD ? evict : NULL;
	contest.enough =
		now_ns() +
		(uint64_t)(ENOUGH_NS + choose_cost_ns(contest.table, contest.size, contest.before,
						      contest.apart, SLOW_RATE));
	op_ns = choose_copier(&contest, winner);
	copier_name(winner, ctx->variant, sizeof(ctx->variant));
	return op_ns;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "machine/clock.h"
#include "pattern.h"
#include "phase.h"
#include "copies/steps.h"

/* Of the runner's own pattern, which the source keeps where the CPU doesn't write it. */
static uint64_t plain_sum(size_t len, uint64_t seed)
{
	uint8_t some[4096];
	uint64_t sum = 0;

	for (size_t at = 0; at < len; at += sizeof(some)) {
		size_t n = len - at < sizeof(some) ? len - at : sizeof(some);

		pattern_fill(some, n, seed, at, PATTERN_PLAIN);
		sum += bytes_sum(some, n);
	}
	return sum;
}

void use_begin(struct bench *b)
{
	const size_t size = b->ctx.params.size;
	const uint64_t seed = b->arena.of[0].seed;

	if (b->ctx.params.use == USE_WRITE_READ) {
		b->use.sums[0] = steps_sum(size, seed, STEPS_EVEN);
		b->use.sums[1] = steps_sum(size, seed, STEPS_ODD);
	} else if (b->ctx.params.use == USE_READ) {
		b->use.sums[0] = b->use.sums[1] = plain_sum(size, seed);
	}
}

static int read_all(struct bench *b)
{
	struct copy_ctx *ctx = &b->ctx;

	if (bytes_sum(ctx->used_dst, ctx->params.size) == b->use.sums[ctx->used % 2])
		return 0;
	snprintf(ctx->reason, sizeof(ctx->reason),
		 "verification: after operation %llu in a row the CPU read wrong bytes",
		 (unsigned long long)ctx->used);
	return -EBADMSG;
}

static void write_all(struct bench *b)
{
	struct copy_ctx *ctx = &b->ctx;

	ctx->used++;
	if (ctx->params.use == USE_WRITE_READ)
		steps_write(ctx->used_src, ctx->params.size, b->arena.of[0].seed,
			    ctx->used % 2 ? STEPS_ODD : STEPS_EVEN);
}

/* The same with the clock read between the parts. */
static int operate_in_stages(struct bench *b, struct use_sums *s)
{
	uint64_t start = now_ns(), written, operated, read;
	int ret;

	write_all(b);
	written = now_ns();
	ret = path_operate(b->c->path, &b->ctx, 1);
	operated = now_ns();
	if (!ret)
		ret = read_all(b);
	read = now_ns();
	s->ops++;
	s->write += written - start;
	s->operation += operated - written;
	s->read += read - operated;
	return ret;
}

int use_operate(struct bench *b, uint64_t n)
{
	int ret = 0;

	for (; n && !ret && b->use.stages; n--)
		ret = operate_in_stages(b, b->use.stages);
	for (; n && !ret; n--) {
		write_all(b);
		ret = path_operate(b->c->path, &b->ctx, 1);
		if (!ret)
			ret = read_all(b);
	}
	return ret;
}

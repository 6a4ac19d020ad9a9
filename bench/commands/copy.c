// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work to be timed from outside. With --count 0 everything is done but the copies:
 * subtract that run to be rid of start-up, filling and checking.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "machine/nodes.h"
#include "measure/arena.h"
#include "plan/capacity.h"
#include "text/parse.h"
#include "commands.h"

#define COPY_SEED 20231

struct copy_options {
	struct bench_case c;
	uint64_t count;
};

static int read_path(void *into, const struct option *option, const char *text)
{
	struct copy_options *o = into;

	(void)option;
	o->c.path = path_find(text);
	return o->c.path ? 0 : -EINVAL;
}

/* A number of 32 bits. */
static int read_parameter(void *into, const struct option *option, const char *text)
{
	uint64_t value;
	int ret = parse_u64(text, option->max, &value);

	if (!ret)
		*(uint32_t *)((char *)into + option->at) = (uint32_t)value;
	return ret;
}

static int read_vector(void *into, const struct option *option, const char *text)
{
	int ret = read_parameter(into, option, text);

	return !ret && ((struct copy_options *)into)->c.params.vector % 128 ? -EINVAL : ret;
}

static int read_engine(void *into, const struct option *option, const char *text)
{
	(void)option;
	if (!*text || strlen(text) >= ENGINE_LABEL_LEN)
		return -EINVAL;
	strcpy(((struct copy_options *)into)->c.params.engine, text);
	return 0;
}

#define PARAM(field) offsetof(struct copy_options, c.params.field)

static const struct option options[] = {
	{ "--path", "PATH", "a path, see dmabench list", read_path, 0, 0 },
	{ "--size", "SIZE", "bytes of a copy, 4K or 1M or 5000", option_size, PARAM(size),
	  1ull << 46 },
	{ "--count", "N", "how many copies; 0: all but them", option_number,
	  offsetof(struct copy_options, count), 1ull << 40 },
	{ "--share", "PERCENT", "of pages written after a snapshot or move (0)", read_parameter,
	  PARAM(share), 100 },
	{ "--engine", "NAME", "channel or provider (any)", read_engine, 0, 0 },
	{ "--vector", "BITS", "of vector registers: 128, 256, 512; 0: the widest (0)", read_vector,
	  PARAM(vector), 512 },
	{ "--prefetch", "BYTES", "ahead that nt prefetches its source, 0: not (0)", read_parameter,
	  PARAM(prefetch), MAX_PREFETCH },
	{ 0 },
};

static int parse(int argc, char **argv, struct copy_options *o)
{
	struct case_params *p = &o->c.params;

	memset(o, 0, sizeof(*o));
	o->count = UINT64_MAX;
	strcpy(p->engine, "any");
	p->cpu_node = node_here();
	p->src_node = p->dst_node = node_memory_near(p->cpu_node);
	if (options_read("copy", options, NULL, o, argc, argv))
		return EXIT_USAGE;
	if (!o->c.path || !p->size || o->count == UINT64_MAX)
		return usage_error("copy", "", "--path, --size and --count");
	return 0;
}

static int fail(const char *what, int err, const char *why)
{
	fprintf(stderr, "dmabench copy: %s: %s\n", what, *why ? why : strerror(-err));
	return EXIT_FAILED;
}

/* As it is: buffers that a device may still write to aren't given back. */
static void give_up(struct copy_ctx *ctx)
{
	fail("given up", -EIO, ctx->reason);
	_exit(EXIT_FAILED);
}

static int work(struct arena *a, struct copy_ctx *ctx, const struct copy_options *o)
{
	const struct copy_path *path = o->c.path;
	char why[160] = "";
	int ret = path->setup ? path->setup(ctx) : 0;

	if (ret) {
		fail("setting up", ret, ctx->reason);
		return ret;
	}
	ret = arena_poison(a);
	/* One by one, whatever the path can do: this is to be another view of its time. */
	for (; ctx->ops < o->count && !ret; ctx->ops++)
		ret = path_begin(path, ctx);
	if (!ret && path->drain)
		ret = path->drain(ctx);
	if (ret) {
		fail("copying", ret, ctx->reason);
		return ret;
	}
	ret = arena_verify(a, why, sizeof(why));
	if (ret)
		fail("checking", ret, why);
	return ret;
}

static int cmd_copy(int argc, char **argv)
{
	struct copy_options o;
	struct copy_ctx ctx = { 0 };
	int cpus[MAX_CPUS];
	struct arena arena;
	char why[160] = "";
	int ret = parse(argc, argv, &o);

	if (ret)
		return ret;
	if (path_probe(o.c.path, &o.c.params, why, sizeof(why)))
		return fail(o.c.path->name, -ENODEV, why);
	if (capacity_check(&o.c, why, sizeof(why)))
		return fail("buffers", -ENOMEM, why);
	ctx.params = o.c.params;
	ctx.seed = COPY_SEED;
	ctx.give_up = give_up;
	ctx.cpus = cpus;
	ctx.ncpus = node_cpus(o.c.params.cpu_node, cpus);
	if (!ctx.ncpus || pin_to_cpu(cpus[0]))
		return fail("taking place", -ENODEV, "no usable CPU on the node");
	ret = arena_create(&arena, o.c.path, &ctx, COPY_SEED, why, sizeof(why));
	if (ret)
		return fail("buffers", ret, why);
	ret = work(&arena, &ctx, &o);
	if (o.c.path->teardown)
		o.c.path->teardown(&ctx);
	arena_destroy(&arena);
	return ret ? EXIT_FAILED : EXIT_OK;
}

const struct command command_copy = {
	.name = "copy",
	.what = "one fixed amount of work by one path, timed from outside",
	.usage = "--path PATH --size SIZE --count N [OPTIONS]",
	.about = "copy SIZE bytes N times by\none path and check them. --count 0 does all but the "
		 "copies: the difference is their time.",
	.options = options,
	.run = cmd_copy,
};

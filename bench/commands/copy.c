// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work to be timed from outside. With --count 0 everything is done but the copies:
 * subtract that run to be rid of start-up, filling and checking.
 */
#include <errno.h>
#include <string.h>

#include "machine/nodes.h"
#include "measure/arena.h"
#include "options/options.h"
#include "plan/room.h"
#include "text/parse.h"
#include "commands.h"

#define COPY_SEED 20231

struct copy_options {
	struct bench_case c;
	uint64_t count;
};

void help_copy(FILE *to)
{
	fprintf(to, "dmabench copy --path PATH --size SIZE --count N [--share PERCENT] [--engine "
		    "NAME]\n"
		    "              [--vector BITS] [--prefetch BYTES]\n\n"
		    "Copies SIZE bytes N times by one path and checks them. --count 0 does all but "
		    "the\n"
		    "copies: the difference is their time.\n");
}

static int parse(int argc, char **argv, struct copy_options *o)
{
	struct case_params *p = &o->c.params;
	uint64_t value;

	memset(o, 0, sizeof(*o));
	o->count = UINT64_MAX;
	strcpy(p->engine, "any");
	p->cpu_node = node_here();
	p->src_node = p->dst_node = node_memory_near(p->cpu_node);
	for (int i = 1; i < argc; i += 2) {
		const char *name = argv[i], *text = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(name, "--path")) {
			o->c.path = path_find(text);
			if (!o->c.path)
				return usage_error("copy", text, "a path, see dmabench list");
		} else if (!strcmp(name, "--size")) {
			if (parse_size(text, &p->size) || !p->size || p->size > 1ull << 46)
				return usage_error("copy", text, "--size with bytes, 4K or 1M");
		} else if (!strcmp(name, "--count")) {
			if (parse_u64(text, 1ull << 40, &o->count))
				return usage_error("copy", text, "--count with a number");
		} else if (!strcmp(name, "--share")) {
			if (parse_u64(text, 100, &value))
				return usage_error("copy", text, "--share from 0 to 100");
			p->share = (uint32_t)value;
		} else if (!strcmp(name, "--vector")) {
			if (parse_u64(text, 512, &value) || (value && value % 128))
				return usage_error("copy", text, "--vector 128, 256, 512 or 0");
			p->vector = (uint32_t)value;
		} else if (!strcmp(name, "--prefetch")) {
			if (parse_u64(text, MAX_PREFETCH, &value))
				return usage_error("copy", text, "--prefetch with bytes");
			p->prefetch = (uint32_t)value;
		} else if (!strcmp(name, "--engine") && *text && strlen(text) < ENGINE_LABEL_LEN) {
			strcpy(p->engine, text);
		} else {
			return usage_error(
				"copy", name,
				"--path, --size, --count, --share, --vector, --prefetch or "
				"--engine");
		}
	}
	if (!o->c.path || !p->size || o->count == UINT64_MAX)
		return usage_error("copy", "", "--path, --size and --count");
	return 0;
}

static int fail(const char *what, int err, const char *why)
{
	fprintf(stderr, "dmabench copy: %s: %s\n", what, *why ? why : strerror(-err));
	return EXIT_FAILED;
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

int cmd_copy(int argc, char **argv)
{
	struct copy_options o;
	struct copy_ctx ctx = { 0 };
	int cpus[MAX_CPUS];
	struct arena arena;
	char why[160] = "";
	int ret = parse(argc, argv, &o);

	if (ret)
		return ret;
	if (o.c.path->probe && o.c.path->probe(&o.c.params, why, sizeof(why)))
		return fail(o.c.path->name, -ENODEV, why);
	if (room_check(&o.c, why, sizeof(why)))
		return fail("buffers", -ENOMEM, why);
	ctx.params = o.c.params;
	ctx.seed = COPY_SEED;
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

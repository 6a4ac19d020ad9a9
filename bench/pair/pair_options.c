// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "pair.h"

#define AT(side_, field) (offsetof(struct pair, side[side_]) + offsetof(struct pair_side, field))

const struct option pair_option_rows[] = {
	{ "--a", "EXE", "side A's program: a dmabench of this or another version", option_text,
	  AT(SIDE_A, exe), 0 },
	{ "--b", "EXE", "side B's; may be the same", option_text, AT(SIDE_B, exe), 0 },
	{ "--setup-a", "CMD", "for /bin/sh, before each launch of A", option_text,
	  AT(SIDE_A, setup), 0 },
	{ "--setup-b", "CMD", "the same of B", option_text, AT(SIDE_B, setup), 0 },
	{ "--out-a", "FILE", "A's result, for compare --paired", option_text, AT(SIDE_A, out), 0 },
	{ "--out-b", "FILE", "B's", option_text, AT(SIDE_B, out), 0 },
	{ 0 },
};

static int refuse(const char *argument, const char *expected)
{
	return usage_error("pair", argument, expected);
}

static int check(const struct pair *p)
{
	if (p->run.output)
		return refuse(p->run.output, "--out-a and --out-b, not -o");
	for (const struct option *o = pair_option_rows; o->name; o++) {
		if (!*(const char *const *)((const char *)p + o->at) && !strstr(o->name, "setup"))
			return refuse(o->name, o->help);
	}
	if (!strcmp(p->side[SIDE_A].out, p->side[SIDE_B].out))
		return refuse(p->side[SIDE_B].out, "two files, --out-a and --out-b");
	return 0;
}

int pair_options_parse(int argc, char **argv, struct pair *p)
{
	char **rest = calloc((size_t)argc + 1, sizeof(*rest));
	int n = 0, ret = 0;

	if (!rest)
		abort();
	p->side[SIDE_A].name = "A";
	p->side[SIDE_B].name = "B";
	rest[n++] = argv[0];
	for (int i = 1; i < argc && !ret; i++) {
		ret = option_take("pair", pair_option_rows, p, argc, argv, &i);
		if (ret != -ENOENT)
			continue;
		rest[n++] = argv[i];
		ret = 0;
	}
	if (!ret)
		ret = options_parse_run(n, rest, &p->run);
	free(rest);
	return ret ? ret : check(p);
}

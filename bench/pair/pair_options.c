// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "pair.h"

static const struct {
	const char *name, *value, *help;
	int side;
	size_t field;
} rows[] = {
	{ "--a", "EXE", "side A's program: a dmabench of this or another version", SIDE_A,
	  offsetof(struct pair_side, exe) },
	{ "--b", "EXE", "side B's; may be the same", SIDE_B, offsetof(struct pair_side, exe) },
	{ "--setup-a", "CMD", "for /bin/sh, before each launch of A", SIDE_A,
	  offsetof(struct pair_side, setup) },
	{ "--setup-b", "CMD", "the same of B", SIDE_B, offsetof(struct pair_side, setup) },
	{ "--out-a", "FILE", "A's result, for compare --paired", SIDE_A,
	  offsetof(struct pair_side, out) },
	{ "--out-b", "FILE", "B's", SIDE_B, offsetof(struct pair_side, out) },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

void pair_options_help(FILE *to)
{
	fprintf(to, "dmabench pair --a EXE --b EXE --out-a FILE --out-b FILE [OPTIONS]: measure "
		    "two builds\nor two settings side by side, a launch of each in turn and in "
		    "random order.\n\n");
	for (size_t i = 0; i < ROWS; i++) {
		char left[32];

		snprintf(left, sizeof(left), "%s %s", rows[i].name, rows[i].value);
		fprintf(to, "  %-18s %s\n", left, rows[i].help);
	}
	fprintf(to, "\nThe options of dmabench run but for -o, for both sides alike:\n\n");
	options_help_run(to);
}

static int refuse(const char *argument, const char *expected)
{
	fprintf(stderr, "dmabench pair: \"%s\": expected %s\n", argument, expected);
	return EXIT_USAGE;
}

/* One of the options above: its value, and true; *i is at its last word then. */
static bool read_own(struct pair *p, int argc, char **argv, int *i, int *ret)
{
	const char *arg = argv[*i], *text;
	size_t len = strcspn(arg, "=");

	for (size_t k = 0; k < ROWS; k++) {
		if (strlen(rows[k].name) != len || strncmp(rows[k].name, arg, len))
			continue;
		text = arg[len] ? arg + len + 1 : *i + 1 < argc ? argv[++*i] : "";
		*ret = *text ? 0 : refuse(arg, rows[k].value);
		*(const char **)((char *)&p->side[rows[k].side] + rows[k].field) = text;
		return true;
	}
	return false;
}

static int check(const struct pair *p)
{
	if (p->run.output)
		return refuse(p->run.output, "--out-a and --out-b, not -o");
	for (size_t i = 0; i < ROWS; i++) {
		const void *field = (const char *)&p->side[rows[i].side] + rows[i].field;

		if (!*(const char *const *)field &&
		    rows[i].field != offsetof(struct pair_side, setup))
			return refuse(rows[i].name, rows[i].help);
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
	for (int i = 1; i < argc && !ret; i++)
		if (!read_own(p, argc, argv, &i, &ret))
			rest[n++] = argv[i];
	if (!ret)
		ret = options_parse_run(n, rest, &p->run);
	free(rest);
	return ret ? ret : check(p);
}

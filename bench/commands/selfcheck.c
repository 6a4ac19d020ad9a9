// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "result/result.h"
#include "selfcheck/selfcheck.h"
#include "statistics/rng.h"
#include "text/parse.h"
#include "commands.h"

static const struct {
	const char *name;
	int (*run)(struct selfcheck *s);
} groups[] = {
	{ "verify", selfcheck_verify },
	{ "cost", selfcheck_cost },
	{ "slowed", selfcheck_slowed },
	{ "outside", selfcheck_outside },
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

struct selfcheck_options {
	struct selfcheck s;
	bool chosen[GROUPS];
	const char *output;
	bool force;
};

static volatile int stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

static int choose(const char *part, void *data)
{
	struct selfcheck_options *o = data;

	for (size_t i = 0; i < GROUPS; i++)
		if (!strcmp(groups[i].name, part)) {
			o->chosen[i] = true;
			return 0;
		}
	return -EINVAL;
}

static int read_only(void *into, const struct option *option, const char *text)
{
	struct selfcheck_options *o = into;

	(void)option;
	memset(o->chosen, 0, sizeof(o->chosen));
	return parse_list(text, choose, o, option_bad_part, sizeof(option_bad_part));
}

static int read_launches(void *into, const struct option *option, const char *text)
{
	uint64_t value;
	int ret = parse_u64(text, option->max, &value);

	if (!ret && value < SELFCHECK_MIN_LAUNCHES)
		ret = -ERANGE;
	if (!ret)
		((struct selfcheck_options *)into)->s.launches = (unsigned int)value;
	return ret;
}

#define AT(field) offsetof(struct selfcheck_options, field)

static const struct option options[] = {
	{ "--only", "LIST",
	  "of verify, cost, slowed, outside (all)\n"
	  "verify: copies that are wrong on purpose are caught\n"
	  "cost: what timing nothing costs\n"
	  "slowed: copies that are slower by a known share show that share\n"
	  "outside: hyperfine sees the same times within 5 %",
	  read_only, 0, 0 },
	{ "--launches", "N", "of each side of a comparison, 6 to 200 (20)", read_launches, 0,
	  SELFCHECK_MAX_LAUNCHES },
	{ "--size", "SIZE", "the smallest copy, which the cost is held against, 1 to 1G (4K)",
	  option_size, AT(s.size), 1ull << 30 },
	{ "--seed", "N", "of orders and patterns (from the clock)", option_number, AT(s.rng),
	  (1ull << 53) - 1 },
	{ "--env", "ID", "name of this environment in the result (host)", option_text, AT(s.env),
	  0 },
	{ "-o", "FILE", "write the checks here as JSON", option_text, AT(output), 0 },
	{ "--force", NULL, "overwrite FILE", option_flag, AT(force), 0 },
	{ 0 },
};

static int parse(int argc, char **argv, struct selfcheck_options *o)
{
	struct stat st;

	memset(o, 0, sizeof(*o));
	memset(o->chosen, 1, sizeof(o->chosen));
	o->s.launches = 20;
	o->s.size = 4096;
	o->s.env = "host";
	o->s.stop = &stop_signal;
	o->s.rng = rng_mix((uint64_t)time(NULL) ^ ((uint64_t)getpid() << 32)) >> 11;
	if (options_read("selfcheck", options, NULL, o, argc, argv))
		return EXIT_USAGE;
	if (o->output && !o->force && !stat(o->output, &st) && S_ISREG(st.st_mode))
		return usage_error("selfcheck", o->output, "a new file (or --force)");
	return 0;
}

static void print_value(const json_t *c, const char *key)
{
	const json_t *value = json_object_get(c, key);

	if (json_is_number(value))
		printf(" %9.4g", json_number_value(value));
	else
		printf(" %9s", "-");
}

static void print_list(const json_t *list)
{
	json_t *c;
	size_t i;

	printf("%-20s %-9s %9s %9s  %s\n", "check", "verdict", "expected", "measured", "unit");
	json_array_foreach(list, i, c) {
		const json_t *interval = json_object_get(c, "interval");

		printf("%-20s %-9s", json_string_value(json_object_get(c, "name")),
		       json_string_value(json_object_get(c, "verdict")));
		print_value(c, "expected");
		print_value(c, "measured");
		printf("  %s", json_string_value(json_object_get(c, "unit")));
		if (json_is_array(interval))
			printf(" (%.4g to %.4g)", json_real_value(json_array_get(interval, 0)),
			       json_real_value(json_array_get(interval, 1)));
		printf("; %s\n", json_string_value(json_object_get(c, "detail")));
	}
}

static int run_groups(struct selfcheck_options *o)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGXCPU, &action, NULL);
	for (size_t i = 0; i < GROUPS; i++)
		if (o->chosen[i] && groups[i].run(&o->s)) {
			fprintf(stderr, "dmabench selfcheck: interrupted, nothing written\n");
			return 128 + stop_signal;
		}
	return 0;
}

static int write_list(const struct selfcheck_options *o)
{
	json_t *json;
	int ret;

	if (!o->output)
		return 0;
	json = json_pack("{s:O}", "self_checks", o->s.list);
	ret = json ? result_write(json, o->output) : -ENOMEM;
	json_decref(json);
	if (!ret)
		return 0;
	fprintf(stderr, "dmabench selfcheck: writing %s: %s\n", o->output, strerror(-ret));
	return EXIT_USAGE;
}

static int cmd_selfcheck(int argc, char **argv)
{
	struct selfcheck_options o;
	int ret = parse(argc, argv, &o);

	if (ret)
		return ret;
	o.s.list = json_array();
	ret = run_groups(&o);
	if (!ret)
		ret = write_list(&o);
	if (!ret) {
		print_list(o.s.list);
		ret = finish_stdout(o.s.wrong	    ? EXIT_FAILED
				    : o.s.undecided ? EXIT_INCONCLUSIVE
						    : EXIT_OK);
	}
	json_decref(o.s.list);
	return ret;
}

const struct command command_selfcheck = {
	.name = "selfcheck",
	.what = "is this harness right? checks with known answers",
	.usage = "[OPTIONS]",
	.about = "is this harness right? Checks with known answers.",
	.options = options,
	.after = "ok: the 95 % interval lies within the tolerance; wrong: all of it lies beyond, "
		 "twice;\nundecided: too noisy to tell. Exit status: 0 all ok; 1 one is wrong; 3 "
		 "none "
		 "is\nwrong, some are undecided.",
	.run = cmd_selfcheck,
};

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "options/options.h"
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

void help_selfcheck(FILE *to)
{
	fprintf(to,
		"dmabench selfcheck [OPTIONS]: is this harness right? Checks with known "
		"answers.\n\n"
		"  --only LIST    of verify, cost, slowed, outside (all)\n"
		"                 verify: copies that are wrong on purpose are caught\n"
		"                 cost: what timing nothing costs\n"
		"                 slowed: copies that are slower by a known share show that share\n"
		"                 outside: hyperfine sees the same times within 5 %%\n"
		"  --launches N   of each side of a comparison, 6 to 200 (20)\n"
		"  --size SIZE    the smallest copy, which the cost is held against (4K)\n"
		"  --seed N       of orders and patterns (from the clock)\n"
		"  --env ID       name of this environment in the result (host)\n"
		"  -o FILE        write the checks here as JSON\n"
		"  --force        overwrite FILE\n\n"
		"ok: the 95 %% interval lies within the tolerance; wrong: all of it lies beyond, "
		"twice;\n"
		"undecided: too noisy to tell. Exit status: 0 all ok; 1 one is wrong; 3 none is\n"
		"wrong, some are undecided.\n");
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

static int parse_value(struct selfcheck_options *o, const char *name, const char *text)
{
	uint64_t value;
	char bad[64];

	if (!strcmp(name, "--only")) {
		memset(o->chosen, 0, sizeof(o->chosen));
		if (parse_list(text, choose, o, bad, sizeof(bad)))
			return usage_error("selfcheck", text,
					   "--only with a list of verify, cost, slowed, outside");
	} else if (!strcmp(name, "--launches")) {
		if (parse_u64(text, SELFCHECK_MAX_LAUNCHES, &value) ||
		    value < SELFCHECK_MIN_LAUNCHES)
			return usage_error("selfcheck", text, "--launches from 6 to 200");
		o->s.launches = (unsigned int)value;
	} else if (!strcmp(name, "--size")) {
		if (parse_size(text, &o->s.size) || !o->s.size || o->s.size > 1ull << 30)
			return usage_error("selfcheck", text, "--size from 1 to 1G bytes");
	} else if (!strcmp(name, "--seed")) {
		if (parse_u64(text, (1ull << 53) - 1, &o->s.rng))
			return usage_error("selfcheck", text, "--seed with a number");
	} else if (!strcmp(name, "--env") && *text) {
		o->s.env = text;
	} else if (!strcmp(name, "-o") && *text) {
		o->output = text;
	} else {
		return usage_error("selfcheck", name,
				   "--only, --launches, --size, --seed, --env, -o or --force, each "
				   "but the last with a value");
	}
	return 0;
}

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
	for (int i = 1; i < argc; i++) {
		int ret;

		if (!strcmp(argv[i], "--force")) {
			o->force = true;
			continue;
		}
		ret = parse_value(o, argv[i], i + 1 < argc ? argv[i + 1] : "");
		if (ret)
			return ret;
		i++;
	}
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

int cmd_selfcheck(int argc, char **argv)
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

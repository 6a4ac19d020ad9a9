// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "pair/pair.h"
#include "commands.h"

static volatile int stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

static int check_outputs(const struct pair *p)
{
	struct stat st;

	for (int i = 0; i < SIDES; i++)
		if (!p->run.force && !stat(p->side[i].out, &st) && S_ISREG(st.st_mode))
			return usage_error("pair", p->side[i].out, "a new file (or --force)");
	return 0;
}

/* Not of the seed: two runs with the same one are still two runs. */
static void draw_id(struct pair *p)
{
	unsigned char bytes[16] = { 0 };

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		perror("dmabench pair: getrandom");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(p->id + 2 * i, 3, "%02x", bytes[i]);
}

static const json_t *case_of(const json_t *result, const char *id)
{
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c) {
		const char *is = json_string_value(json_object_get(c, "id"));

		if (!strncmp(is, id, strlen(id)) && is[strlen(id)] == '@')
			return c;
	}
	return NULL;
}

static void print_side(const json_t *c, size_t *ok, size_t *failed)
{
	const char *status = json_string_value(json_object_get(c, "status"));
	const json_t *time = json_object_get(json_object_get(c, "time"), "value");

	if (json_is_number(time)) {
		printf(" %14.1f ns", json_number_value(time));
		++*ok;
	} else {
		printf(" %17s", c ? status : "not known");
		*failed += c && !strcmp(status, "failed");
	}
}

/* Rows for people; 1 if a case failed, 3 if none was measured. */
static int summarize(struct pair *p)
{
	json_t *json[SIDES] = { side_json(p, &p->side[SIDE_A]), side_json(p, &p->side[SIDE_B]) };
	size_t ok = 0, failed = 0;

	printf("%-72s %17s %17s\n", "case", "A", "B");
	for (size_t i = 0; i < p->run.plan.n; i++) {
		const char *id = p->side[SIDE_A].result.cases[i].id;

		printf("%-72s", id);
		for (int k = 0; k < SIDES; k++)
			print_side(case_of(json[k], id), &ok, &failed);
		printf("\n");
	}
	json_decref(json[SIDE_A]);
	json_decref(json[SIDE_B]);
	return failed ? EXIT_FAILED : ok ? EXIT_OK : EXIT_INCONCLUSIVE;
}

static int cmd_pair(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	static struct pair p = { .stop = &stop_signal }; /* large */
	int ret = pair_options_parse(argc, argv, &p);

	if (!ret)
		ret = check_outputs(&p);
	if (ret)
		goto free;
	if (p.run.dry_run) {
		for (size_t i = 0; i < p.run.plan.n; i++) {
			char id[512];

			case_id(&p.run.plan.cases[i], id, sizeof(id));
			printf("%s\n", id);
		}
		ret = finish_stdout(EXIT_OK);
		goto free;
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGXCPU, &action, NULL);
	draw_id(&p);
	ret = pair_measure(&p);
	if (!ret)
		ret = finish_stdout(summarize(&p));
free:
	for (int i = 0; i < SIDES; i++)
		side_free(&p.side[i]);
	plan_free(&p.run.plan);
	return ret;
}

const struct command command_pair = {
	.name = "pair",
	.what = "two builds or two settings, measured side by side for compare",
	.usage = "--a EXE --b EXE --out-a FILE --out-b FILE [OPTIONS]",
	.about =
		"measure two builds\nor two settings side by side, a launch of each in turn and in "
		"random order.",
	.options = pair_option_rows,
	.more = run_option_rows,
	.more_about = "The options of dmabench run but for -o, for both sides alike:",
	.run = cmd_pair,
};

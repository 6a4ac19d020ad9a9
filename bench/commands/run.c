// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "answer/answer.h"
#include "machine/clock.h"
#include "measure/estimate.h"
#include "measure/launch.h"
#include "measure/progress.h"
#include "options/options.h"
#include "result/result.h"
#include "statistics/rng.h"
#include "text/units.h"
#include "commands.h"
#include "people.h"

#define LIMIT_NS (120ull * 1000000000ull)

static volatile int stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGXCPU, &action, NULL);
}

static double estimate_all(const struct result *r)
{
	double sum = 0;

	for (size_t i = 0; i < r->ncases; i++)
		if (r->cases[i].status == LAUNCH_OK)
			sum += estimate_ns(r->cases[i].c, &r->options->measure);
	return sum * r->options->launches;
}

static void show_plan(const struct result *r)
{
	size_t usable = 0;

	for (size_t i = 0; i < r->ncases; i++) {
		const struct case_record *rec = &r->cases[i];

		usable += rec->status == LAUNCH_OK;
		if (rec->status == LAUNCH_OK)
			printf("%s\n", rec->id);
		else
			printf("%s\tskipped: %s\n", rec->id, rec->reason);
	}
	printf("%zu cases, %zu to be measured, %u launches each, about %.0f s, seed %" PRIu64 "\n",
	       r->ncases, usable, r->options->launches, estimate_all(r) / 1e9,
	       r->options->measure.seed);
}

static int save(const struct result *r)
{
	json_t *json;
	int ret;

	if (!r->options->output)
		return 0;
	json = result_to_json(r);
	ret = json ? result_write(json, r->options->output) : -ENOMEM;
	json_decref(json);
	if (ret)
		fprintf(stderr, "dmabench: writing %s: %s\n", r->options->output, strerror(-ret));
	return ret;
}

/* Save after a launch, unless that would take more than a tenth of the run's time. */
static int save_launch(const struct result *r)
{
	static uint64_t begun, ended;
	uint64_t now = now_ns();
	int ret;

	if (now - ended < 9 * (ended - begun))
		return 0;
	begun = now;
	ret = save(r);
	ended = now_ns();
	return ret;
}

/* Before anything is measured: may and can the file be written? */
static int check_output(const struct run_options *o)
{
	struct stat st;

	if (!o->output || o->force || stat(o->output, &st) || !S_ISREG(st.st_mode))
		return 0;
	return usage_error("run", o->output, "a new file (or --force)");
}

/* One launch of each usable case, in random order. 0 or -errno. */
static int one_round(struct result *r, size_t *count, uint64_t *rng, struct progress *progress)
{
	static struct launch_result answer;
	size_t *order = calloc(r->ncases, sizeof(*order));
	int ret = order ? 0 : -ENOMEM;
	char what[64], size[UNIT_TEXT];

	if (order)
		rng_shuffle(order, r->ncases, rng);
	for (size_t i = 0; i < r->ncases && !ret; i++) {
		struct case_record *rec = &r->cases[order[i]];
		struct measure_config config = r->options->measure;

		if (rec->status != LAUNCH_OK)
			continue;
		config.seed = rng_mix(config.seed + ++*count);
		ret = launch(rec->c, &config, LIMIT_NS, &stop_signal, &answer);
		if (ret)
			break;
		result_add(r, order[i], *count, &answer);
		snprintf(what, sizeof(what), "%s %s", rec->c->path->name,
			 unit_bytes((double)rec->c->params.size, size));
		progress_step(progress, what);
		state_look(&r->state);
		ret = save_launch(r);
	}
	free(order);
	return ret;
}

static void print_record(const struct case_record *rec, const json_t *json)
{
	const json_t *time = json_object_get(json, "time");
	const json_t *rate = json_object_get(json, "throughput");
	double ns = json_real_value(json_object_get(time, "value"));
	const char *status = json_string_value(json_object_get(json, "status"));
	const char *kind =
		json_string_value(json_object_get(json_object_get(json, "engine"), "kind"));

	if (strcmp(status, "ok")) {
		printf("%-72s %s: %s\n", rec->id, status,
		       json_string_value(json_object_get(json, "reason")));
		return;
	}
	printf("%-72s %14.1f ns", rec->id, ns);
	if (json_is_object(rate))
		printf(" %9.3f GB/s", json_real_value(json_object_get(rate, "value")) / 1e9);
	if (kind && strcmp(kind, "hardware"))
		printf("  (%s engine)", kind);
	printf("\n");
}

static void print_answer(const json_t *result)
{
	json_t *answer = answer_make(result);

	people_table(result);
	people_answer(answer);
	json_decref(answer);
}

/* What was measured; 1 if a case failed, 3 if none was measured. */
static int summarize(const struct result *r)
{
	json_t *json = result_to_json(r), *cases = json_object_get(json, "cases");
	size_t ok = 0, failed = 0;

	if (!r->options->ids)
		print_answer(json);
	for (size_t i = 0; i < r->ncases; i++) {
		if (r->options->ids)
			print_record(&r->cases[i], json_array_get(cases, i));
		ok += r->cases[i].status == LAUNCH_OK;
		failed += r->cases[i].status == LAUNCH_FAILED;
	}
	json_decref(json);
	if (failed)
		return EXIT_FAILED;
	return ok ? EXIT_OK : EXIT_INCONCLUSIVE;
}

static int measure_all(struct result *r)
{
	uint64_t rng = r->options->measure.seed;
	struct progress progress;
	size_t usable = 0, count = 0;
	int ret;

	if (r->options->state_ns)
		state_begin(&r->state, json_object_get(r->environment, "conditions"),
			    r->options->state_ns);
	ret = save(r);

	for (size_t i = 0; i < r->ncases; i++)
		usable += r->cases[i].status == LAUNCH_OK;
	progress_begin(&progress, usable * r->options->launches, estimate_all(r));
	while (!ret && r->rounds_done < r->options->launches) {
		ret = one_round(r, &count, &rng, &progress);
		if (!ret)
			r->rounds_done++;
	}
	progress_end(&progress);
	if (stop_signal) {
		fprintf(stderr,
			"dmabench: interrupted after %zu launches; the result is incomplete\n",
			count ? count - 1 : 0);
		save(r);
		return 128 + stop_signal;
	}
	if (ret)
		return EXIT_USAGE;
	if (r->options->state_ns)
		state_end(&r->state, r->options->state_ns);
	if (result_judge(r)) {
		fprintf(stderr, "dmabench: out of memory\n");
		return EXIT_USAGE;
	}
	r->complete = !r->options->part;
	if (save(r))
		return EXIT_USAGE;
	return finish_stdout(summarize(r));
}

static int cmd_run(int argc, char **argv)
{
	static struct result r; /* large */
	struct run_options o;
	int ret = options_parse_run(argc, argv, &o);

	if (!ret)
		ret = check_output(&o);
	if (ret)
		goto free_plan;
	if (result_begin(&r, &o)) {
		fprintf(stderr, "dmabench: out of memory\n");
		ret = EXIT_INCONCLUSIVE;
	} else if (o.dry_run) {
		show_plan(&r);
		ret = finish_stdout(EXIT_OK);
	} else {
		catch_signals();
		ret = measure_all(&r);
	}
	result_free(&r);
free_plan:
	plan_free(&o.plan);
	return ret;
}

const struct command command_run = {
	.name = "run",
	.what = "measure; -o FILE writes the result",
	.usage = "[OPTIONS]",
	.about = "measure cases. Lists are separated by commas; every\ncombination of the values "
		 "that matter to a path is a case.",
	.options = run_option_rows,
	.run = cmd_run,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The size at which two paths cross, by bisection. A size is judged by pairs of launches in
 * random order and the exact signed rank test of Wilcoxon, both ways.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crossover/crossover.h"
#include "machine/platform.h"
#include "measure/launch.h"
#include "options/options.h"
#include "paths/batches.h"
#include "plan/capacity.h"
#include "result/environment.h"
#include "result/result.h"
#include "statistics/rng.h"
#include "statistics/stats.h"
#include "text/parse.h"
#include "commands.h"

#define LIMIT_NS (120ull * 1000000000ull)
#define LEAST_PAIRS 8  /* fewer can't be that unlikely: 1 / 2^8 */
#define MOST_POINTS 64 /* more than any bisection of 64-bit sizes needs */

struct search {
	struct run_options o;
	struct bench_case side[2]; /* the paths that cross */
	uint64_t rng;
	json_t *points, *engines;
	size_t npoints;
	char reason[320];
};

static volatile int stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

/* A launch's 10 % quantile, as the gate does it. */
static double p10_ns(const struct launch_result *r)
{
	double v[MAX_SAMPLES];

	memcpy(v, r->sample_ns_per_op, sizeof(v));
	stats_sort(v, r->samples);
	return stats_quantile(v, r->samples, 0.1);
}

static int usable(struct search *s, const struct bench_case *c)
{
	char why[256] = "";

	if (!capacity_check(c, why, sizeof(why)) &&
	    (!c->path->probe || !c->path->probe(&c->params, why, sizeof(why))))
		return 0;
	snprintf(s->reason, sizeof(s->reason), "%s at %" PRIu64 " bytes: %s", c->path->name,
		 c->params.size, why);
	return -ENODATA;
}

/* Both paths once, the same pattern, in random order; ns of each. */
static int one_pair(struct search *s, uint64_t size, double ns[2])
{
	struct measure_config config = s->o.measure;
	size_t first = rng_below(&s->rng, 2);

	config.seed = rng_next(&s->rng);
	for (size_t i = 0; i < 2; i++) {
		static struct launch_result r;
		struct bench_case c = s->side[i ^ first];
		int ret;

		c.params.size = size;
		ret = launch(&c, &config, LIMIT_NS, &stop_signal, &r);
		if (ret)
			return ret;
		if (r.status != LAUNCH_OK) {
			snprintf(s->reason, sizeof(s->reason), "%s at %" PRIu64 " bytes: %.200s",
				 c.path->name, size, r.reason);
			return r.status == LAUNCH_FAILED ? -EILSEQ : -ENODATA;
		}
		ns[i ^ first] = p10_ns(&r);
	}
	return 0;
}

static const char *name_of(const struct search *s, enum winner w)
{
	return w ? s->side[w == WINNER_SECOND].path->name : "neither";
}

static enum winner judge(void *arg, uint64_t size, int *err)
{
	struct search *s = arg;
	double *gain = calloc(s->o.launches, sizeof(*gain)), ratio;
	enum winner w = WINNER_NONE;
	char text[32];

	*err = gain && s->npoints < MOST_POINTS ? 0 : -ENOMEM;
	for (size_t i = 0; i < 2 && !*err; i++) {
		struct bench_case c = s->side[i];

		c.params.size = size;
		*err = usable(s, &c);
	}
	for (unsigned int i = 0; i < s->o.launches && !*err; i++) {
		double ns[2];

		*err = one_pair(s, size, ns);
		if (!*err)
			gain[i] = log(ns[1] / ns[0]);
	}
	if (!*err)
		w = crossover_decide(gain, s->o.launches, err);
	if (!*err) {
		ratio = exp(stats_median(gain, s->o.launches));
		s->npoints++;
		json_array_append_new(s->points,
				      json_pack("{s:I,s:i,s:f,s:s?}", "size", (json_int_t)size,
						"pairs", (int)s->o.launches, "ratio", ratio,
						"faster", w ? name_of(s, w) : NULL));
		printf("%12s  %s takes %.3f times as long as %s: %s\n",
		       format_size(size, text, sizeof(text)), s->side[1].path->name, ratio,
		       s->side[0].path->name, w ? name_of(s, w) : "which is faster can't be told");
		fflush(stdout);
	}
	free(gain);
	return w;
}

/* Two paths at two sizes, nothing else that varies: first of FROM, first of TO, and so on. */
static int take_plan(struct search *s)
{
	struct bench_case *c = s->o.plan.cases;

	if (s->o.plan.n != 4 || c[0].path == c[2].path || c[0].path != c[1].path ||
	    c[2].path != c[3].path || c[0].params.size >= c[1].params.size)
		return usage_error("crossover", "--path and --size",
				   "FIRST,SECOND and FROM,TO, and one value of other axes");
	if (s->o.launches < LEAST_PAIRS)
		return usage_error("crossover", "--launches", "8 pairs or more");
	s->side[0] = c[0];
	s->side[1] = c[2];
	/* Only times are wanted. */
	s->o.measure.cpu_phase_ns = s->o.measure.calibrate_ns = 0;
	s->o.measure.descriptor_ns = s->o.measure.event_ns = s->o.measure.neighbour_ns = 0;
	return 0;
}

static uint64_t common_multiple(uint64_t a, uint64_t b)
{
	uint64_t x = a, y = b;

	while (y) {
		uint64_t rest = x % y;

		x = y;
		y = rest;
	}
	return a / x * b;
}

/* Small copies may have nearly any size; batches need one that can be cut. */
static uint64_t grain(const struct search *s)
{
	uint64_t unit = s->o.plan.cases[0].params.size < 4096 ? 64 : 4096;

	for (size_t i = 0; i < 2; i++)
		if (s->side[i].path->axes & AXIS_BATCH)
			unit = common_multiple(unit, batch_count(&s->side[i].params));
	return unit;
}

/* Whose times these are: nobody may take them for those of hardware that isn't there. */
static void tell_engines(const struct search *s)
{
	printf("%s against %s on %s\n", s->side[0].path->name, s->side[1].path->name,
	       platform_name());
	for (size_t i = 0; i < 2; i++) {
		const json_t *e = json_array_get(s->engines, i);

		if (json_is_object(e))
			printf("%s: %s engine %s of %s\n", s->side[i].path->name,
			       json_string_value(json_object_get(e, "kind")),
			       json_string_value(json_object_get(e, "name")),
			       json_string_value(json_object_get(e, "driver")));
	}
}

static void tell(const struct search *s, const struct crossing *c)
{
	char below[32], above[32];

	if (!c->at_from || !c->at_to)
		printf("no answer: at an end of the range it can't be told which is faster\n");
	else if (c->at_from == c->at_to)
		printf("no crossing is seen: %s is faster at both ends\n", name_of(s, c->at_from));
	else
		printf("up to %s bytes %s is faster, from %s bytes on %s\n",
		       format_size(c->below, below, sizeof(below)), name_of(s, c->at_from),
		       format_size(c->above, above, sizeof(above)), name_of(s, c->at_to));
}

/* The size is what is searched. */
static json_t *side_json(const struct search *s, size_t i)
{
	json_t *params = case_params_to_json(&s->side[i]);

	json_object_del(params, "size");
	return json_pack("{s:s,s:o,s:O}", "path", s->side[i].path->name, "params", params, "engine",
			 json_array_get(s->engines, i));
}

static json_t *to_json(const struct search *s, const struct crossing *c, bool found)
{
	json_t *json = json_pack("{s:s}", "schema", "dmabench-crossover/1");

	json_object_set_new(json, "environment", environment(s->o.env_id));
	json_object_set_new(json, "first", side_json(s, 0));
	json_object_set_new(json, "second", side_json(s, 1));
	json_object_set_new(json, "alpha_each_way", json_real(CROSSOVER_ALPHA));
	json_object_set_new(json, "method",
			    json_string("bisection; exact Wilcoxon signed rank over pairs"));
	json_object_set(json, "points", s->points);
	json_object_set_new(json, "found", json_boolean(found));
	if (found)
		json_object_update_new(json,
				       json_pack("{s:I,s:I,s:s,s:s}", "below", (json_int_t)c->below,
						 "above", (json_int_t)c->above, "faster_below",
						 name_of(s, c->at_from), "faster_above",
						 name_of(s, c->at_to)));
	return json;
}

static int search(struct search *s)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct crossing c = { 0 };
	bool found;
	int ret;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGXCPU, &action, NULL);
	s->rng = s->o.measure.seed;
	s->points = json_array();
	s->engines = json_array();
	for (size_t i = 0; i < 2; i++) {
		json_t *engine = case_engine(&s->side[i]);

		json_array_append_new(s->engines, engine ? engine : json_null());
	}
	tell_engines(s);
	ret = crossover_find(s->o.plan.cases[0].params.size, s->o.plan.cases[1].params.size,
			     grain(s), judge, s, &c);
	if (stop_signal)
		return 128 + stop_signal;
	if (ret) {
		fprintf(stderr, "dmabench: crossover: %s\n",
			*s->reason ? s->reason : strerror(-ret));
		return ret == -EILSEQ ? EXIT_FAILED : EXIT_INCONCLUSIVE;
	}
	found = c.at_from && c.at_to && c.at_from != c.at_to;
	tell(s, &c);
	if (s->o.output) {
		json_t *json = to_json(s, &c, found);

		ret = result_write(json, s->o.output);
		json_decref(json);
		if (ret) {
			fprintf(stderr, "dmabench: writing %s: %s\n", s->o.output, strerror(-ret));
			return EXIT_USAGE;
		}
	}
	return finish_stdout(found ? EXIT_OK : EXIT_INCONCLUSIVE);
}

static int cmd_crossover(int argc, char **argv)
{
	static struct search s;
	int ret = options_parse_run(argc, argv, &s.o);

	if (!ret)
		ret = take_plan(&s);
	if (!ret)
		ret = search(&s);
	json_decref(s.points);
	json_decref(s.engines);
	plan_free(&s.o.plan);
	return ret;
}

const struct command command_crossover = {
	.name = "crossover",
	.what = "from which size on is one path faster than another?",
	.usage = "--path FIRST,SECOND --size FROM,TO [OPTIONS OF RUN]",
	.about = "from which\nsize on is one path faster? The range is halved until neighbouring "
		 "sizes are within\n5 %. Each size is judged by --launches pairs of launches (at "
		 "least 8; 10) in random\norder, by the exact signed rank test at 0.5 % each way. "
		 "What can't be told apart\nwidens the interval. Axes other than size have one "
		 "value each; -o FILE writes JSON.",
	.more = run_option_rows,
	.more_about = "The options of dmabench run:",
	.after = "Exit status: 0 found; 1 a copy was wrong; 3 no crossing in the range, or too "
		 "noisy.",
	.run = cmd_crossover,
};

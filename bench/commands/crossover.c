// SPDX-License-Identifier: GPL-2.0-only
/* The size at which two paths cross, by bisection: what is asked for, and how it is told. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "crossover/pairs_judge.h"
#include "machine/platform.h"
#include "options/options.h"
#include "result/engines_json.h"
#include "result/environment.h"
#include "result/result.h"
#include "text/parse.h"
#include "commands.h"

#define LEAST_PAIRS 8 /* fewer can't be that unlikely: 1 / 2^8 */

struct search {
	struct run_options o;
	struct pairs_judge judge; /* of the paths that cross */
	json_t *engines;
};

static volatile int stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

static const char *name_of(const struct search *s, enum winner w)
{
	return pairs_judge_name(&s->judge, w);
}

static void tell_point(const struct pairs_judge *j, uint64_t size, double ratio, enum winner w)
{
	char text[32];

	printf("%12s  %s takes %.3f times as long as %s: %s\n",
	       format_size(size, text, sizeof(text)), j->side[1].path->name, ratio,
	       j->side[0].path->name, w ? pairs_judge_name(j, w) : "which is faster can't be told");
	fflush(stdout);
}

/* Two paths at two sizes, nothing else that varies: first of FROM, first of TO, and so on. */
static int take_plan(struct search *s)
{
	struct bench_case *c = s->o.plan.cases;
	struct stat st;

	if (s->o.plan.n != 4 || c[0].path == c[2].path || c[0].path != c[1].path ||
	    c[2].path != c[3].path || c[0].params.size >= c[1].params.size)
		return usage_error("crossover", "--path and --size",
				   "FIRST,SECOND and FROM,TO, and one value of other axes");
	if (s->o.launches < LEAST_PAIRS)
		return usage_error("crossover", "--launches", "8 pairs or more");
	if (s->o.output && !s->o.force && !stat(s->o.output, &st) && S_ISREG(st.st_mode))
		return usage_error("crossover", s->o.output, "a new file (or --force)");
	s->judge.side[0] = c[0];
	s->judge.side[1] = c[2];
	/* Only times are wanted. */
	s->o.measure.cpu_phase_ns = s->o.measure.calibrate_ns = 0;
	s->o.measure.descriptor_ns = s->o.measure.event_ns = s->o.measure.neighbour_ns = 0;
	return 0;
}

/* Whose times these are: nobody may take them for those of hardware that isn't there. */
static void tell_engines(const struct search *s)
{
	printf("%s against %s on %s\n", s->judge.side[0].path->name, s->judge.side[1].path->name,
	       platform_name());
	for (size_t i = 0; i < 2; i++) {
		const json_t *e = json_array_get(s->engines, i);

		if (json_is_object(e))
			printf("%s: %s engine %s of %s\n", s->judge.side[i].path->name,
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
	json_t *params = case_params_to_json(&s->judge.side[i]);

	json_object_del(params, "size");
	return json_pack("{s:s,s:o,s:O}", "path", s->judge.side[i].path->name, "params", params,
			 "engine", json_array_get(s->engines, i));
}

static json_t *to_json(const struct search *s, const struct crossing *c, bool found)
{
	json_t *json = json_pack("{s:s}", "schema", "dmabench-crossover/1");

	json_object_set_new(json, "environment",
			    environment(s->o.env_id, plan_families(&s->o.plan)));
	json_object_set_new(json, "first", side_json(s, 0));
	json_object_set_new(json, "second", side_json(s, 1));
	json_object_set_new(json, "alpha_each_way", json_real(CROSSOVER_ALPHA));
	json_object_set_new(json, "method",
			    json_string("bisection; exact Wilcoxon signed rank over pairs"));
	json_object_set(json, "points", s->judge.points);
	json_object_set_new(json, "found", json_boolean(found));
	if (found)
		json_object_update_new(json,
				       json_pack("{s:I,s:I,s:s,s:s}", "below", (json_int_t)c->below,
						 "above", (json_int_t)c->above, "faster_below",
						 name_of(s, c->at_from), "faster_above",
						 name_of(s, c->at_to)));
	return json;
}

static void tell_range(const struct search *s)
{
	const struct bench_case *c = s->o.plan.cases;
	char from[32], to[32];

	printf("between %s and %s bytes, %u pairs of launches a size\n",
	       format_size(c[0].params.size, from, sizeof(from)),
	       format_size(c[1].params.size, to, sizeof(to)), s->o.launches);
}

static int search(struct search *s)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct crossing c = { 0 };
	bool found;
	int ret;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGXCPU, &action, NULL);
	s->judge.measure = s->o.measure;
	s->judge.pairs = s->o.launches;
	s->judge.rng = s->o.measure.seed;
	s->judge.stop = &stop_signal;
	s->judge.tell = tell_point;
	s->judge.points = json_array();
	s->engines = json_array();
	for (size_t i = 0; i < 2; i++) {
		json_t *engine = case_engine(&s->judge.side[i]);

		json_array_append_new(s->engines, engine ? engine : json_null());
	}
	tell_engines(s);
	if (s->o.dry_run) {
		tell_range(s);
		return finish_stdout(EXIT_OK);
	}
	ret = crossover_find(s->o.plan.cases[0].params.size, s->o.plan.cases[1].params.size,
			     pairs_judge_grain(&s->judge, s->o.plan.cases[0].params.size),
			     pairs_judge, &s->judge, &c);
	if (stop_signal)
		return 128 + stop_signal;
	if (ret) {
		fprintf(stderr, "dmabench: crossover: %s\n",
			*s->judge.reason ? s->judge.reason : strerror(-ret));
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
	json_decref(s.judge.points);
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

// SPDX-License-Identifier: GPL-2.0-only
#include "pairs_judge.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/launch.h"
#include "paths/batches.h"
#include "plan/capacity.h"
#include "statistics/rng.h"
#include "statistics/stats.h"

#define LIMIT_NS (120ull * 1000000000ull)
#define MOST_POINTS 64 /* more than any bisection of 64-bit sizes needs */

/* A launch's 10 % quantile, as the gate does it. */
static double p10_ns(const struct launch_result *r)
{
	double v[MAX_SAMPLES];

	memcpy(v, r->sample_ns_per_op, sizeof(v));
	stats_sort(v, r->samples);
	return stats_quantile(v, r->samples, 0.1);
}

static int usable(struct pairs_judge *s, const struct bench_case *c)
{
	char why[256] = "";

	if (!capacity_check(c, why, sizeof(why)) &&
	    !path_probe(c->path, &c->params, why, sizeof(why)))
		return 0;
	snprintf(s->reason, sizeof(s->reason), "%s at %" PRIu64 " bytes: %s", c->path->name,
		 c->params.size, why);
	return -ENODATA;
}

/* Both paths once, the same pattern, in random order; ns of each. */
static int one_pair(struct pairs_judge *s, uint64_t size, double ns[2])
{
	struct measure_config config = s->measure;
	size_t first = rng_below(&s->rng, 2);

	config.seed = rng_next(&s->rng);
	for (size_t i = 0; i < 2; i++) {
		static struct launch_result r;
		struct bench_case c = s->side[i ^ first];
		int ret;

		c.params.size = size;
		ret = launch(&c, &config, LIMIT_NS, s->stop, &r);
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

const char *pairs_judge_name(const struct pairs_judge *j, enum winner w)
{
	return w ? j->side[w == WINNER_SECOND].path->name : "neither";
}

enum winner pairs_judge(void *arg, uint64_t size, int *err)
{
	struct pairs_judge *s = arg;
	double *gain = calloc(s->pairs, sizeof(*gain)), ratio;
	enum winner w = WINNER_NONE;

	*err = gain && json_array_size(s->points) < MOST_POINTS ? 0 : -ENOMEM;
	for (size_t i = 0; i < 2 && !*err; i++) {
		struct bench_case c = s->side[i];

		c.params.size = size;
		*err = usable(s, &c);
	}
	for (unsigned int i = 0; i < s->pairs && !*err; i++) {
		double ns[2];

		*err = one_pair(s, size, ns);
		if (!*err)
			gain[i] = log(ns[1] / ns[0]);
	}
	if (!*err)
		w = crossover_decide(gain, s->pairs, err);
	if (!*err) {
		ratio = exp(stats_median(gain, s->pairs));
		json_array_append_new(s->points,
				      json_pack("{s:I,s:i,s:f,s:s?}", "size", (json_int_t)size,
						"pairs", (int)s->pairs, "ratio", ratio, "faster",
						w ? pairs_judge_name(s, w) : NULL));
		s->tell(s, size, ratio, w);
	}
	free(gain);
	return w;
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

uint64_t pairs_judge_grain(const struct pairs_judge *s, uint64_t from)
{
	uint64_t unit = from < 4096 ? 64 : 4096;

	for (size_t i = 0; i < 2; i++)
		if (s->side[i].path->axes & AXIS_BATCH)
			unit = common_multiple(unit, batch_count(&s->side[i].params));
	return unit;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "trend.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/rng.h"
#include "statistics/shift.h"
#include "statistics/stats.h"
#include "text/json_text.h"

/* The same seed for the same case, whatever else is there. */
static uint64_t seed_of(const char *id)
{
	uint64_t seed = 0;

	for (const char *p = id; *p; p++)
		seed = rng_mix(seed + (unsigned char)*p);
	return seed;
}

/* Why times of this case mean nothing; NULL: they mean something. As compare has it. */
static const char *no_times(const struct trend_case *c)
{
	const char *kind = json_text_if_any(json_object_get(c->json, "engine"), "kind");

	if (!strcmp(c->platform, "vm-tcg"))
		return "emulated machine: times mean nothing";
	if (kind && !strcmp(kind, "emulated") && !c->counted)
		return "emulated engine: times mean nothing";
	return NULL;
}

static int add_case(struct trend *t, const struct trend_run *run, const json_t *json, json_t *by_id)
{
	struct trend_case *c = &t->cases[t->n];

	*c = (struct trend_case){ .json = json,
				  .id = json_text_if_any(json, "id"),
				  .env = json_text_if_any(json, "env") };
	c->platform = json_text_if_any(compare_environment(run->json, c->env), "platform");
	c->counted = !strcmp(c->platform, "vm-icount");
	c->skipped = no_times(c);
	c->run = calloc(t->runs.n, sizeof(*c->run));
	c->value = calloc(t->runs.n, sizeof(*c->value));
	c->changes = calloc(t->runs.n, sizeof(*c->changes));
	if (!c->run || !c->value || !c->changes) {
		free(c->run);
		free(c->value);
		free(c->changes);
		return -ENOMEM;
	}
	json_object_set_new(by_id, c->id, json_integer((json_int_t)t->n));
	t->n++;
	return 0;
}

/* All cases of all runs, those of the newest run first; then their values by run. */
static int collect(struct trend *t)
{
	json_t *by_id = json_object(), *c;
	size_t most = 1, i;
	int ret = by_id ? 0 : -ENOMEM;

	for (size_t r = 0; r < t->runs.n; r++)
		most += json_array_size(json_object_get(t->runs.run[r].json, "cases"));
	t->cases = calloc(most, sizeof(*t->cases));
	if (!t->cases)
		ret = -ENOMEM;
	for (size_t r = t->runs.n; r-- > 0 && !ret;)
		json_array_foreach(json_object_get(t->runs.run[r].json, "cases"), i, c)
			if (!ret && json_object_get(c, "log_ns") &&
			    !json_object_get(by_id, json_text_if_any(c, "id")))
				ret = add_case(t, &t->runs.run[r], c, by_id);
	for (size_t r = 0; r < t->runs.n && !ret; r++) {
		json_array_foreach(json_object_get(t->runs.run[r].json, "cases"), i, c) {
			const json_t *index = json_object_get(by_id, json_text_if_any(c, "id"));
			struct trend_case *of;

			if (!index || !json_object_get(c, "log_ns"))
				continue;
			of = &t->cases[json_integer_value(index)];
			of->run[of->n] = r;
			of->value[of->n++] = json_real_value(json_object_get(c, "log_ns"));
		}
	}
	json_decref(by_id);
	return ret;
}

/* Half of n against the other half is the rarest order there is, and its mirror image. */
static size_t least_runs(double level)
{
	double orders = 2; /* n over n / 2, for n = 2 */
	size_t n = 2;

	while (2 / orders > level || n < 2 * DIVISIVE_LEAST) {
		orders *= 4.0 * (double)(n + 1) / (double)(n + 2);
		n += 2;
	}
	return n;
}

/* Both levels of a change are value[from … at) and value[at … to). */
static int describe(const struct trend_case *c, size_t from, size_t at, size_t to,
		    struct level_change *out)
{
	size_t m = at - from, n = to - at;
	double *x = malloc((m + n) * sizeof(*x)), *y;
	struct shift s;
	int ret;

	if (!x)
		return -ENOMEM;
	y = x + m;
	memcpy(x, c->value + from, (m + n) * sizeof(*x));
	stats_sort(x, m);
	stats_sort(y, n);
	ret = shift_two(x, m, y, n, 0.05, &s);
	if (!ret) {
		out->run = c->run[at];
		out->before = exp(stats_quantile(x, m, 0.5));
		out->after = exp(stats_quantile(y, n, 0.5));
		out->change = expm1(s.value);
		out->have_interval = s.have_interval && out->p >= 0;
		out->lo = expm1(s.lo);
		out->hi = expm1(s.hi);
	}
	free(x);
	return ret;
}

/* Instructions: exact, so each step by more than the gate's threshold is a change. */
static size_t count_steps(const struct trend_case *c, struct change_point *points)
{
	size_t found = 0, base = 0;

	for (size_t i = 1; i < c->n; i++) {
		if (fabs(expm1(c->value[i] - c->value[base])) <= rule_default.exact_threshold)
			continue;
		points[found++] = (struct change_point){ i, -1 };
		base = i;
	}
	return found;
}

static int look(struct trend *t, struct trend_case *c)
{
	struct change_point *points = calloc(c->n + 1, sizeof(*points));
	int ret = points ? 0 : -ENOMEM;

	if (!ret && c->counted)
		c->nchanges = count_steps(c, points);
	else if (!ret)
		ret = divisive(c->value, c->n, t->level, seed_of(c->id), points, &c->nchanges);
	for (size_t i = 0; i < c->nchanges && !ret; i++) {
		c->changes[i].p = points[i].p;
		ret = describe(c, i ? points[i - 1].at : 0, points[i].at,
			       i + 1 < c->nchanges ? points[i + 1].at : c->n, &c->changes[i]);
	}
	free(points);
	t->looked = true;
	return ret;
}

int trend_analyse(struct trend *t)
{
	int ret = collect(t);

	for (size_t i = 0; i < t->n; i++)
		t->tested += !t->cases[i].skipped && !t->cases[i].counted;
	t->level = t->tested ? t->alpha / (double)t->tested : t->alpha;
	t->least_runs = least_runs(t->level);
	for (size_t i = 0; i < t->n && !ret; i++) {
		struct trend_case *c = &t->cases[i];
		size_t least = c->counted ? 2 : t->least_runs;

		if (c->skipped)
			snprintf(c->reason, sizeof(c->reason), "%s", c->skipped);
		else if (c->n < least)
			snprintf(c->reason, sizeof(c->reason),
				 "%zu run%s: no change can show in fewer than %zu", c->n,
				 c->n == 1 ? "" : "s", least);
		else
			ret = look(t, c);
	}
	return ret;
}

void trend_free(struct trend *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->cases[i].run);
		free(t->cases[i].value);
		free(t->cases[i].changes);
	}
	free(t->cases);
	runs_free(&t->runs);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Each kind by itself, then the whole fleet's status. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "options/exit_status.h"
#include "fleet.h"

const struct machine_standing *machine_standing(const struct fleet *f,
						const struct fleet_machine *m)
{
	const struct fleet_kind *kind = &f->kinds[m->kind];
	const struct machine_standing *s = kind->judged ? &kind->group.standing[m->at] : NULL;

	return s && s->cases ? s : NULL;
}

enum standing machine_stands(const struct fleet *f, const struct fleet_machine *m)
{
	const struct machine_standing *s = machine_standing(f, m);

	/* Wrong bytes are worse than any time. */
	if (json_array_size(m->failed) ||
	    (s && (s->whole_stands == STANDS_SLOWER || s->cases_stand == STANDS_SLOWER)))
		return STANDS_SLOWER;
	if (!s)
		return STANDS_WITH_THE_REST;
	return s->whole_stands ? s->whole_stands : s->cases_stand;
}

/* The values of a kind's machines as a table. */
static int fill(struct fleet *f, size_t number)
{
	struct fleet_kind *kind = &f->kinds[number];
	size_t cases = json_array_size(kind->cases), at = 0;

	kind->value = malloc((kind->n * cases + 1) * sizeof(double));
	kind->error = malloc((kind->n * cases + 1) * sizeof(double));
	kind->order = calloc(kind->n + 1, sizeof(*kind->order));
	if (!kind->value || !kind->error || !kind->order)
		return -ENOMEM;
	for (size_t i = 0; i < kind->n * cases; i++)
		kind->value[i] = kind->error[i] = NAN;
	for (size_t i = 0; i < f->n; i++) {
		struct fleet_machine *m = &f->machines[i];

		if (m->kind != number)
			continue;
		m->at = at++;
		kind->order[kind->norder++] = i;
		for (size_t k = 0; k < m->n; k++) {
			const struct fleet_value *v = &m->values[k];

			if (v->launches < STAND_OUT_LAUNCHES)
				continue;
			kind->value[m->at * cases + v->c] = v->value;
			kind->error[m->at * cases + v->c] = v->error;
		}
	}
	kind->group = (struct group){ .machines = kind->n,
				      .cases = cases,
				      .families = kind->nfamilies,
				      .family = kind->families,
				      .threshold = f->threshold,
				      .value = kind->value,
				      .error = kind->error };
	return 0;
}

/* Cases that more than half of the kind have, and this one hasn't. */
static int find_lacking(struct fleet *f, const struct fleet_kind *kind, struct fleet_machine *m)
{
	const json_t *c;
	size_t i;

	json_array_foreach(kind->cases, i, c) {
		const char *id = json_string_value(json_object_get(c, "id"));
		const char *reason = json_string_value(json_object_get(m->skipped, id));
		bool failed = false, few = false;
		const json_t *one;
		size_t k;

		if (2 * kind->group.spread[i].n <= kind->n ||
		    !isnan(kind->value[m->at * kind->group.cases + i]))
			continue;
		json_array_foreach(m->failed, k, one)
			failed |= !strcmp(json_string_value(json_object_get(one, "id")), id);
		for (k = 0; k < m->n; k++)
			few |= m->values[k].c == i;
		if (!failed &&
		    json_array_append_new(m->lacks, json_pack("{s:s,s:s}", "id", id, "reason",
							      few      ? "too few launches"
							      : reason ? reason
								       : "it isn't in its result")))
			return -ENOMEM;
	}
	(void)f;
	return 0;
}

static const struct fleet *sorting; /* qsort() has no argument for it */

/* How far out: a machine that is odd as a whole by that, one with an odd case by its score. */
static double distance(const struct fleet_machine *m)
{
	const struct fleet_kind *kind = &sorting->kinds[m->kind];
	const struct machine_standing *s = machine_standing(sorting, m);
	double whole, worst;

	if (!s)
		return 0;
	whole = fabs(s->whole - kind->group.whole) / kind->group.slower_limit;
	worst = s->worst / kind->group.score_limit;
	return whole > worst ? whole : worst;
}

static int rank(const struct fleet_machine *m)
{
	if (json_array_size(m->failed))
		return 0;
	switch (machine_stands(sorting, m)) {
	case STANDS_SLOWER:
		return 1;
	case STANDS_FASTER:
		return 2;
	default:
		return 3;
	}
}

static int worst_first(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct fleet_machine *x = &sorting->machines[i], *y = &sorting->machines[j];
	double dx, dy;

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	dx = distance(x);
	dy = distance(y);
	if (dx != dy)
		return dx < dy ? 1 : -1;
	return strcmp(x->name, y->name) ? strcmp(x->name, y->name) : (i > j) - (i < j);
}

static int judge_kind(struct fleet *f, size_t number)
{
	struct fleet_kind *kind = &f->kinds[number];
	int ret = families_make(kind);

	if (!ret)
		ret = fill(f, number);
	if (!ret)
		ret = group_look(&kind->group);
	if (ret)
		return ret;
	kind->judged = kind->group.judged > 0;
	ret = settings_compare(f, number);
	for (size_t i = 0; i < kind->norder && !ret; i++)
		ret = find_lacking(f, kind, &f->machines[kind->order[i]]);
	sorting = f;
	qsort(kind->order, kind->norder, sizeof(*kind->order), worst_first);
	sorting = NULL;
	return ret;
}

static void count(struct fleet *f)
{
	f->unjudged = json_array_size(f->left_out) + json_array_size(f->silent);
	for (size_t i = 0; i < f->n; i++) {
		enum standing stands = machine_stands(f, &f->machines[i]);

		f->slower += stands == STANDS_SLOWER;
		f->faster += stands == STANDS_FASTER;
		f->unjudged += stands != STANDS_SLOWER && (!machine_standing(f, &f->machines[i]) ||
							   json_array_size(f->machines[i].lacks));
	}
}

int fleet_judge(struct fleet *f)
{
	bool any = false;
	int ret = 0;

	for (size_t i = 0; i < f->nkinds && !ret; i++) {
		ret = judge_kind(f, i);
		any |= f->kinds[i].judged;
	}
	if (ret)
		return ret;
	count(f);
	f->status = f->slower				   ? EXIT_FAILED
		    : !any || (f->unjudged && !f->partial) ? EXIT_INCONCLUSIVE
							   : EXIT_OK;
	return 0;
}

void fleet_free(struct fleet *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct fleet_machine *m = &f->machines[i];

		free(m->file);
		free(m->name);
		free(m->start);
		free(m->values);
		json_decref(m->settings);
		json_decref(m->failed);
		json_decref(m->skipped);
		json_decref(m->differences);
		json_decref(m->lacks);
	}
	for (size_t i = 0; i < f->nkinds; i++)
		kind_free(&f->kinds[i]);
	free(f->machines);
	free(f->kinds);
	json_decref(f->left_out);
	json_decref(f->silent);
	json_decref(f->texts);
}

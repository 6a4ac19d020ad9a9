// SPDX-License-Identifier: GPL-2.0-only
#include "runs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/engine_fingerprint.h"
#include "compare/fingerprint.h"
#include "compare/input.h"
#include "result/folder.h"
#include "statistics/stats.h"
#include "text/json_text.h"
#include "fleets.h"

json_t *runs_text(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("(not UTF-8)");
}

static int leave_out(struct runs *runs, const char *file, const char *reason)
{
	json_t *entry =
		json_pack("{s:o,s:o}", "file", runs_text(file), "reason", runs_text(reason));

	return json_array_append_new(runs->left_out, entry) ? -ENOMEM : 0;
}

/* ---- which files ---- */

static int add_run(struct runs *runs, const char *batch, const char *file)
{
	struct trend_run *more = realloc(runs->run, (runs->n + 1) * sizeof(*more)), *run;

	if (!more)
		return -ENOMEM;
	runs->run = more;
	run = &more[runs->n];
	*run = (struct trend_run){ 0 };
	if (batch ? asprintf(&run->file, "%s/%s", batch, file) < 0 : !(run->file = strdup(file)))
		return -ENOMEM;
	run->batch = batch ? strlen(batch) : 0;
	runs->n++;
	return 0;
}

static int list_batch(const char *folder, const char *batch, struct runs *runs)
{
	struct result_files files = { 0 };
	char *path = NULL;
	int ret = 0;

	if (asprintf(&path, "%s/%s", folder, batch) < 0)
		return -ENOMEM;
	/* One that can't be read has no runs; whose folder it is doesn't matter here. */
	if (!result_files(path, NULL, &files))
		for (size_t i = 0; i < files.n && !ret; i++)
			ret = add_run(runs, batch, files.v[i].file);
	result_files_free(&files);
	free(path);
	return ret;
}

/* The folder's own results, and those of fleets that have a folder each in it. */
static int list_files(const char *folder, struct runs *runs)
{
	struct result_files files, folders = { 0 };
	int ret = result_files(folder, NULL, &files);

	if (!ret)
		ret = result_folders(folder, &folders);
	for (size_t i = 0; i < files.n && !ret; i++)
		ret = add_run(runs, NULL, files.v[i].file);
	for (size_t i = 0; i < folders.n && !ret; i++)
		ret = list_batch(folder, folders.v[i].file, runs);
	result_files_free(&files);
	result_files_free(&folders);
	return ret;
}

/* ---- one file ---- */

/* The location of a case's launches; input_read() has seen that they are there and above 0. */
static double location_of(const json_t *c, enum location location)
{
	const json_t *launches = json_object_get(c, "launches"), *launch;
	double *v = malloc((json_array_size(launches) + 1) * sizeof(*v)), value = NAN;
	size_t i;

	if (!v)
		return NAN;
	json_array_foreach(launches, i, launch)
		v[i] = log(json_number_value(json_object_get(json_object_get(launch, "ns_per_op"),
							     location_names[location])));
	if (json_array_size(launches))
		value = stats_median(v, json_array_size(launches));
	free(v);
	return value;
}

/*
 * What all runs say alike of a case is in memory once: seen has the last that was read of each id,
 * and lends what is the same in this one.
 */
static json_t *slim_case(const json_t *c, enum location location, json_t *seen)
{
	static const char *const keys[] = { "id",     "env",	"path",	 "class",
					    "params", "status", "engine" };
	const json_t *other = json_object_get(seen, json_text_if_any(c, "id"));
	json_t *slim = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *own = json_object_get(c, keys[i]), *lent = json_object_get(other, keys[i]);

		if (own)
			json_object_set(slim, keys[i], lent && json_equal(own, lent) ? lent : own);
	}
	json_object_set(seen, json_text_if_any(c, "id"), slim);
	/* A path that does nothing may take nothing; it isn't looked at either. */
	if (!json_text_is(c, "class", "none"))
		json_object_set_new(slim, "log_ns", json_real(location_of(c, location)));
	return slim;
}

static void slim_down(json_t *result, enum location location, json_t *seen)
{
	json_t *cases = json_array(), *c;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c)
		if (json_text_is(c, "status", "ok"))
			json_array_append_new(cases, slim_case(c, location, seen));
	json_object_set_new(result, "cases", cases);
	json_object_del(result, "self_checks");
	json_object_del(result, "outside");
}

/* Take in a file's result, or leave it out. */
static int read_run(const char *folder, enum location location, struct runs *runs, json_t *seen,
		    struct trend_run *run)
{
	char why[512] = "no memory", *path;

	if (asprintf(&path, "%s/%s", folder, run->file) < 0)
		return -ENOMEM;
	run->json = input_read(path, why, sizeof(why));
	free(path);
	if (!run->json)
		return leave_out(runs, run->file, why);
	run->start = json_text_if_any(json_object_get(run->json, "run"), "start");
	run->commit = json_text_if_any(json_object_get(run->json, "tool"), "commit");
	if (!run->commit)
		run->commit = "unknown";
	if (!run->start || strlen(run->start) < strlen("2026-01-02")) {
		json_decref(run->json);
		run->json = NULL;
		return leave_out(runs, run->file, "it doesn't say when it began");
	}
	slim_down(run->json, location, seen);
	return 0;
}

/* ---- all together ---- */

static int older_first(const void *a, const void *b)
{
	const struct trend_run *x = a, *y = b;
	int order = strcmp(x->start, y->start);

	return order ? order : strcmp(x->file, y->file);
}

/* The run whose machine is meant: as asked, or the newest. NULL: there is none of that name. */
static const struct trend_run *machine_of(const struct runs *runs, const char *like)
{
	if (!like)
		return &runs->run[runs->n - 1];
	for (size_t i = 0; i < runs->n; i++)
		if (!strcmp(runs->run[i].file, like))
			return &runs->run[i];
	return NULL;
}

/* Forget the runs without json. */
static void close_ranks(struct runs *runs)
{
	size_t kept = 0;

	for (size_t i = 0; i < runs->n; i++) {
		if (runs->run[i].json)
			runs->run[kept++] = runs->run[i];
		else
			free(runs->run[i].file);
	}
	runs->n = kept;
}

json_t *runs_differences(const struct trend_run *before, const struct trend_run *after)
{
	struct compare_options o = { .rule = rule_default };
	struct compare cmp = { .options = &o, .json = { before->json, after->json } };
	char why[256];
	json_t *list = fingerprint(&cmp, why, sizeof(why)) ? NULL : json_incref(cmp.differences);

	compare_free(&cmp);
	return list;
}

/* Leave out the run if it is of another machine than the newest. */
static int check_machine(struct runs *runs, struct trend_run *run, const struct trend_run *newest)
{
	json_t *list = runs_differences(run, newest), *difference;
	int ret = list ? 0 : -ENOMEM;
	size_t i;

	json_array_foreach(list, i, difference) {
		const char *name = json_text_if_any(difference, "name");
		char reason[256];

		if (!json_text_is(difference, "kind", "identity") &&
		    !(json_text_is(difference, "kind", "engine") && engine_identity(name)))
			continue;
		snprintf(reason, sizeof(reason), "another machine: %s differs from that of %.150s",
			 name, newest->file);
		ret = leave_out(runs, run->file, reason);
		json_decref(run->json);
		run->json = NULL;
		break;
	}
	json_decref(list);
	return ret;
}

static int check_twice(struct runs *runs, struct trend_run *run, const struct trend_run *next)
{
	const json_t *a = json_object_get(run->json, "run"),
		     *b = json_object_get(next->json, "run");
	char reason[256];
	int ret;

	if (!json_equal(a, b) ||
	    !json_equal(json_object_get(run->json, "cases"), json_object_get(next->json, "cases")))
		return 0;
	snprintf(reason, sizeof(reason), "the same run as %.200s", next->file);
	ret = leave_out(runs, run->file, reason);
	json_decref(run->json);
	run->json = NULL;
	return ret;
}

int runs_read(const char *folder, enum location location, size_t last, const char *like,
	      struct runs *runs)
{
	const struct trend_run *model;
	json_t *seen = json_object();
	int ret;

	*runs = (struct runs){ .left_out = json_array() };
	ret = seen && runs->left_out ? list_files(folder, runs) : -ENOMEM;
	for (size_t i = 0; i < runs->n && !ret; i++)
		ret = read_run(folder, location, runs, seen, &runs->run[i]);
	json_decref(seen);
	close_ranks(runs);
	if (ret || !runs->n)
		return ret;
	qsort(runs->run, runs->n, sizeof(*runs->run), older_first);
	for (size_t i = 0; i < runs->n && !ret; i++)
		/* Those that began together, as a fleet's do, are in any order. */
		for (size_t k = i + 1; k < runs->n && !ret && runs->run[i].json &&
				       !strcmp(runs->run[i].start, runs->run[k].start);
		     k++)
			ret = check_twice(runs, &runs->run[i], &runs->run[k]);
	close_ranks(runs);
	runs_sort(runs);
	model = machine_of(runs, like);
	if (!model)
		return -ENOENT;
	for (size_t i = 0; i < runs->n && !ret; i++)
		if (&runs->run[i] != model)
			ret = check_machine(runs, &runs->run[i], model);
	close_ranks(runs);
	if (!ret)
		ret = runs_pool(runs);
	close_ranks(runs);
	/* Older ones than were asked for: no news. */
	for (size_t i = 0; i + last < runs->n; i++) {
		json_decref(runs->run[i].json);
		runs->run[i].json = NULL;
	}
	close_ranks(runs);
	return ret;
}

void runs_free(struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++) {
		free(runs->run[i].file);
		json_decref(runs->run[i].json);
	}
	free(runs->run);
	json_decref(runs->left_out);
}

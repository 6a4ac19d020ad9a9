// SPDX-License-Identifier: GPL-2.0-only
/* One result after the other, as they are read ahead: its values stay, it doesn't. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result/folder.h"
#include "statistics/rng.h"
#include "text/json_text.h"
#include "ahead.h"
#include "report.h"

static int note(json_t *list, const struct result_file *file, const char *reason)
{
	return json_array_append_new(list, json_pack("{s:o,s:o,s:o}", "file", any_text(file->file),
						     "name", any_text(file->name), "reason",
						     any_text(reason)))
		       ? -ENOMEM
		       : 0;
}

/* Why times of this case mean nothing here; as compare has it. */
static bool means_nothing(const json_t *result, const json_t *c)
{
	const json_t *env = compare_environment(result, json_text_if_any(c, "env"));

	return json_text_is(c, "class", "none") || json_text_is(env, "platform", "vm-tcg") ||
	       json_text_is(env, "platform", "vm-icount") ||
	       json_text_is(json_object_get(c, "engine"), "kind", "emulated");
}

/* input_read() has seen that the launches are there and above 0. */
static int take_value(struct fleet *f, struct fleet_machine *m, const json_t *c)
{
	const json_t *launches = json_object_get(c, "launches"), *launch;
	struct fleet_value *value = &m->values[m->n];
	double *v;
	size_t i;
	int ret = kind_case(&f->kinds[m->kind], c, &value->c);

	value->launches = json_array_size(launches);
	if (ret)
		return ret;
	v = malloc((value->launches + 1) * sizeof(*v));
	if (!v)
		return -ENOMEM;
	json_array_foreach(launches, i, launch)
		v[i] = log(json_number_value(json_object_get(json_object_get(launch, "ns_per_op"),
							     location_names[f->location])));
	if (value->launches) {
		launches_value(v, value->launches, &value->value, &value->error);
		m->n++;
	}
	free(v);
	return 0;
}

static int take_case(struct fleet *f, struct fleet_machine *m, const json_t *result,
		     const json_t *c)
{
	const char *id = json_text_if_any(c, "id"), *reason = json_text_if_any(c, "reason");

	if (json_text_is(c, "status", "failed"))
		return json_array_append_new(m->failed, json_pack("{s:s,s:s}", "id", id, "reason",
								  reason ? reason : ""))
			       ? -ENOMEM
			       : 0;
	if (json_text_is(c, "status", "skipped"))
		return json_object_set(m->skipped, id, shared_text(f, reason ? reason : ""))
			       ? -ENOMEM
			       : 0;
	return means_nothing(result, c) ? 0 : take_value(f, m, c);
}

static int take_cases(struct fleet *f, struct fleet_machine *m, const json_t *result)
{
	const json_t *cases = json_object_get(result, "cases"), *c;
	struct fleet_value *fit;
	int ret = 0;
	size_t i;

	m->values = calloc(json_array_size(cases) + 1, sizeof(*m->values));
	if (!m->values)
		return -ENOMEM;
	json_array_foreach(cases, i, c)
		ret = ret ? ret : take_case(f, m, result, c);
	fit = realloc(m->values, (m->n + 1) * sizeof(*fit));
	if (fit)
		m->values = fit;
	return ret;
}

/* What only one run has: when and how it ran, and the sum of its figures. The caller frees. */
static char *mark_of(const json_t *result)
{
	const json_t *c, *launch;
	uint64_t sum = 0;
	size_t i, k;
	char *run = json_dumps(json_object_get(result, "run"), JSON_COMPACT | JSON_SORT_KEYS),
	     *mark = NULL;

	json_array_foreach(json_object_get(result, "cases"), i, c)
		json_array_foreach(json_object_get(c, "launches"), k, launch) {
			double ns = json_number_value(
				json_object_get(json_object_get(launch, "ns_per_op"), "median"));
			uint64_t bits;

			memcpy(&bits, &ns, sizeof(bits));
			sum = rng_mix(sum ^ bits);
		}
	if (run && asprintf(&mark, "%s %" PRIx64, run, sum) < 0)
		mark = NULL;
	free(run);
	return mark;
}

/* A machine whose file is this, of this result. 0 or -ENOMEM. */
static int add_machine(struct fleet *f, const struct result_file *file, json_t *result)
{
	struct fleet_machine *more = realloc(f->machines, (f->n + 1) * sizeof(*more)), *m;
	const char *start = json_text_if_any(json_object_get(result, "run"), "start");
	int ret;

	if (!more)
		return -ENOMEM;
	f->machines = more;
	m = &more[f->n++];
	*m = (struct fleet_machine){ .file = strdup(file->file),
				     .name = strdup(file->name),
				     .start = strdup(start ? start : ""),
				     .failed = json_array(),
				     .skipped = json_object(),
				     .differences = json_array(),
				     .lacks = json_array() };
	if (!m->file || !m->name || !m->start || !m->failed || !m->skipped || !m->differences ||
	    !m->lacks)
		return -ENOMEM;
	ret = kind_of(f, result, &m->kind);
	if (ret)
		return ret;
	f->kinds[m->kind].n++;
	m->settings = settings_of(f, result);
	return m->settings ? take_cases(f, m, result) : -ENOMEM;
}

/* What a machine was asked: its real name, and how it ended where that is known. */
static json_t *read_asked(const char *folder, struct result_file *file)
{
	char *end = strrchr(file->file, '/'), *path = NULL;
	const char *name;
	json_t *asked;

	if (!end ||
	    asprintf(&path, "%s/%.*s/" ASKED_FILE, folder, (int)(end - file->file), file->file) < 0)
		return NULL;
	asked = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	free(path);
	if (!json_text_is(asked, "schema", ASKED_SCHEMA)) {
		json_decref(asked);
		return NULL;
	}
	name = json_text_if_any(asked, "name");
	if (name && *name) {
		char *copy = strdup(name);

		if (copy) {
			free(file->name);
			file->name = copy;
		}
	}
	return asked;
}

/* "why; said of the machine: what" */
static int note_with(json_t *list, const struct result_file *file, const char *why,
		     const json_t *asked)
{
	const char *said = json_text_if_any(asked, "reason");
	char *all = NULL;
	int ret;

	if (!said || !*said)
		return note(list, file, why);
	if (asprintf(&all, "%s: %s", why, said) < 0)
		return -ENOMEM;
	ret = note(list, file, all);
	free(all);
	return ret;
}

/* Own outputs that lie in the folder are no machine's. */
static bool is_own_output(const json_t *json)
{
	return json_text_is(json, "schema", FLEET_SCHEMA) ||
	       json_text_is(json, "schema", ASKED_SCHEMA);
}

/* result: what is in the file, which goes to this; NULL: why[] says why there is none. */
static int take_file(struct fleet *f, struct result_file *file, const char *path, json_t *result,
		     char *why, json_t *seen)
{
	json_t *asked = read_asked(f->folder, file), *other = NULL;
	bool single = !strchr(file->file, '/');
	char *mark = NULL;
	int ret = 0;

	if (!path) {
		ret = note(f->silent, file,
			   json_text_if_any(asked, "reason") ? json_text_if_any(asked, "reason")
							     : "nothing came back");
	} else if (!result) {
		other = single ? json_load_file(path, 0, NULL) : NULL;
		if (!is_own_output(other))
			ret = note_with(f->left_out, file, why, asked);
	} else {
		mark = mark_of(result);
		if (!mark) {
			ret = -ENOMEM;
		} else if (json_object_get(seen, mark)) {
			snprintf(why, AHEAD_WHY, "the same run as %.400s",
				 json_string_value(json_object_get(seen, mark)));
			ret = note(f->left_out, file, why);
		} else {
			json_object_set_new(seen, mark, any_text(file->file));
			ret = add_machine(f, file, result);
		}
	}
	free(mark);
	json_decref(other);
	json_decref(result);
	json_decref(asked);
	return ret;
}

/* Where each file is; NULL: it says that the machine was asked, and there is no result. */
static char **paths_of(const char *folder, const struct result_files *files)
{
	char **paths = calloc(files->n + 1, sizeof(*paths));

	for (size_t i = 0; i < files->n && paths; i++) {
		const char *end = strrchr(files->v[i].file, '/');

		if ((!end || strcmp(end + 1, ASKED_FILE)) &&
		    asprintf(&paths[i], "%s/%s", folder, files->v[i].file) < 0)
			paths[i] = NULL;
	}
	return paths;
}

static int take_files(struct fleet *f, struct result_files *files)
{
	char **paths = paths_of(f->folder, files);
	struct ahead *ahead = paths ? ahead_start((const char *const *)paths, files->n) : NULL;
	json_t *seen = json_object();
	int ret = ahead && seen ? 0 : -ENOMEM;

	for (size_t i = 0; i < files->n && !ret; i++) {
		char why[AHEAD_WHY];
		json_t *result = ahead_next(ahead, why);

		ret = take_file(f, &files->v[i], paths[i], result, why, seen);
	}
	ahead_stop(ahead);
	json_decref(seen);
	for (size_t i = 0; i < files->n && paths; i++)
		free(paths[i]);
	free(paths);
	return ret;
}

int fleet_read(struct fleet *f)
{
	struct result_files files;
	int ret;

	f->left_out = json_array();
	f->silent = json_array();
	f->texts = json_object();
	ret = result_files(f->folder, ASKED_FILE, &files);
	if (!f->left_out || !f->silent || !f->texts)
		ret = -ENOMEM;
	if (!ret)
		ret = take_files(f, &files);
	result_files_free(&files);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "result/engines_json.h"
#include "result/environment.h"
#include "profile.h"
#include "version.h"

#define MOST_LISTED 100 /* processes and threads; of callers all */

const char *const profile_unseen[] = {
	"static programs, and code that brings its own copies along",
	"copies that the compiler put into the code in place of a call",
	"copies inside the C library (stdio, qsort, realloc and others)",
	"programs that are started without the environment, as another user, or in another "
	"namespace",
	NULL,
};

static const char *const op_names[COUNTED_OPS] = { "memcpy", "memmove", "mempcpy",
						   "overlapping_memmove" };

/* Text from a process's memory or a file's name, which may be anything. */
static json_t *text(const char *bytes)
{
	json_t *json = json_string(bytes);
	char plain[4096];
	size_t n = 0;

	if (json)
		return json;
	for (; n < sizeof(plain) - 1 && bytes[n]; n++)
		plain[n] = (unsigned char)bytes[n] < 128 ? bytes[n] : '?';
	plain[n] = '\0';
	return json_string(plain);
}

static json_t *hex(const uint8_t *bytes, size_t len)
{
	char digits[2 * BUILD_ID + 1] = "";

	if (!len)
		return json_null();
	for (size_t i = 0; i < len && i < BUILD_ID; i++)
		snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
	return json_string(digits);
}

static void put_tally(json_t *to, const struct tally *tally)
{
	json_object_set_new(to, "calls", json_integer((json_int_t)tally->calls));
	json_object_set_new(to, "bytes", json_integer((json_int_t)tally->bytes));
}

static json_t *tally_json(const struct tally *tally)
{
	json_t *json = json_object();

	put_tally(json, tally);
	return json;
}

static json_t *sizes_json(const struct counts *counts)
{
	json_t *sizes = json_array();

	for (unsigned int i = 0; i < SIZE_BINS; i++) {
		json_t *bin = json_object();
		struct tally sum = { 0 };

		for (size_t op = 0; op < COUNTED_OPS; op++) {
			const struct tally *tally = &counts->sizes[op][i];

			sum.calls += tally->calls;
			sum.bytes += tally->bytes;
			if (tally->calls)
				json_object_set_new(bin, op_names[op], tally_json(tally));
		}
		if (sum.calls) {
			json_t *all = json_pack(
				"{s:I,s:o}", "from", (json_int_t)size_bin_from(i), "to",
				i + 1 < SIZE_BINS
					? json_integer((json_int_t)size_bin_from(i + 1) - 1)
					: json_null());

			put_tally(all, &sum);
			json_object_update(all, bin);
			json_array_append_new(sizes, all);
		}
		json_decref(bin);
	}
	return sizes;
}

static json_t *alignment_json(const struct counts *counts)
{
	json_t *classes = json_array(), *sizes = json_array();

	for (unsigned int i = 0; i < ALIGN_CLASSES; i++)
		json_array_append_new(classes, json_integer((json_int_t)align_of_class(i)));
	for (unsigned int i = 0; i < ALIGN_SIZES; i++) {
		json_t *rows = json_array();
		uint64_t any = 0;

		for (size_t d = 0; d < ALIGN_CLASSES; d++) {
			json_t *row = json_array();

			for (size_t s = 0; s < ALIGN_CLASSES; s++) {
				uint64_t calls = counts->aligned[i][d][s];

				any |= calls;
				json_array_append_new(row, json_integer((json_int_t)calls));
			}
			json_array_append_new(rows, row);
		}
		if (any)
			json_array_append_new(
				sizes,
				json_pack("{s:I,s:o,s:o}", "from", (json_int_t)align_size_from(i),
					  "to",
					  i + 1 < ALIGN_SIZES
						  ? json_integer(
							    (json_int_t)align_size_from(i + 1) - 1)
						  : json_null(),
					  "calls", rows));
		else
			json_decref(rows);
	}
	return json_pack("{s:o,s:o}", "classes", classes, "sizes", sizes);
}

static json_t *callers_json(const struct profile *p)
{
	const struct region *r = p->counters->region;
	json_t *list = json_array();

	for (size_t i = 0; i < p->totals.ncallers; i++) {
		const struct called_from *c = &p->totals.callers[i];
		const struct module *m = &r->module[c->module];
		json_t *json = json_pack("{s:o,s:o,s:o}", "module",
					 c->module ? text(m->path) : json_null(), "build_id",
					 c->module ? hex(m->id, m->id_len) : json_null(), "offset",
					 json_sprintf("0x%llx", (unsigned long long)c->offset));

		put_tally(json, &c->tally);
		json_array_append_new(list, json);
	}
	return json_pack("{s:o,s:o}", "list", list, "others", tally_json(&p->totals.others));
}

static json_t *processes_json(const struct profile *p)
{
	const struct region *r = p->counters->region;
	json_t *list = json_array();
	struct tally rest = p->totals.more_processes;
	size_t listed = 0;

	for (size_t i = 0; i < p->totals.nprocesses; i++) {
		const struct seen_process *s = &p->totals.processes[i];
		json_t *json;

		if (i >= MOST_LISTED) {
			rest.calls += s->tally.calls;
			rest.bytes += s->tally.bytes;
			continue;
		}
		listed++;
		json = json_pack("{s:i,s:i,s:o}", "number", (int)s->process, "pid", (int)s->pid,
				 "program",
				 s->program ? text(r->module[s->program].path) : json_null());
		put_tally(json, &s->tally);
		json_array_append_new(list, json);
	}
	return json_pack("{s:i,s:i,s:o,s:{s:I,s:I,s:I}}", "programs_started", (int)r->images,
			 "copied", (int)r->processes, "list", list, "rest", "processes",
			 (json_int_t)(r->processes - listed), "calls", (json_int_t)rest.calls,
			 "bytes", (json_int_t)rest.bytes);
}

static json_t *threads_json(const struct profile *p)
{
	const struct totals *t = &p->totals;
	struct tally rest = t->more;
	uint64_t n = t->nmore;
	json_t *list = json_array();

	for (size_t i = 0; i < t->nthreads; i++) {
		const struct seen_thread *s = &t->threads[i];
		json_t *json;

		if (i >= MOST_LISTED) {
			rest.calls += s->tally.calls;
			rest.bytes += s->tally.bytes;
			n++;
			continue;
		}
		json = json_pack("{s:i,s:i}", "process", (int)s->process, "thread", (int)s->thread);
		put_tally(json, &s->tally);
		json_array_append_new(list, json);
	}
	return json_pack("{s:I,s:o,s:{s:I,s:I,s:I}}", "copied",
			 (json_int_t)(t->nthreads + t->nmore), "list", list, "rest", "threads",
			 (json_int_t)n, "calls", (json_int_t)rest.calls, "bytes",
			 (json_int_t)rest.bytes);
}

static json_t *program_json(const struct profile *p)
{
	json_t *args = json_array();

	for (char **arg = p->argv; *arg; arg++)
		json_array_append_new(args, text(*arg));
	return json_pack("{s:o,s:o,s:o,s:I,s:I}", "path", text(p->program->path), "arguments", args,
			 "build_id", hex(p->program->id, p->program->id_len), "bytes",
			 (json_int_t)p->program->size, "modified", (json_int_t)p->program->mtime);
}

static json_t *run_json(const struct profile *p)
{
	const struct spawned *s = p->spawned;
	char start[32];
	struct tm utc;

	gmtime_r(&p->start, &utc);
	strftime(start, sizeof(start), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_pack("{s:s,s:f,s:f,s:f,s:o,s:o,s:b}", "start", start, "duration_s",
			 (double)s->wall_ns / 1e9, "cpu_user_s", (double)s->user_ns / 1e9,
			 "cpu_system_s", (double)s->system_ns / 1e9, "exit_status",
			 WIFEXITED(s->status) ? json_integer(WEXITSTATUS(s->status)) : json_null(),
			 "signal",
			 WIFSIGNALED(s->status) ? json_integer(WTERMSIG(s->status)) : json_null(),
			 "still_running", p->in_use);
}

static json_t *cost_json(const struct profile *p, uint64_t calls)
{
	const struct cost *c = p->cost;

	return json_pack("{s:f,s:[f,f],s:i,s:i,s:f}", "ns_per_call", c->ns, "quartiles", c->low,
			 c->high, "measured_calls", COST_ROUNDS * COST_CALLS, "measured_size",
			 COST_SIZE, "total_s", c->ns * (double)calls / 1e9);
}

json_t *profile_json(const struct profile *p)
{
	struct tally sum = counts_sum(&p->totals.counts);
	json_t *unseen = json_array(), *ops = json_object();

	for (size_t i = 0; profile_unseen[i]; i++)
		json_array_append_new(unseen, json_string(profile_unseen[i]));
	for (size_t op = 0; op < COUNTED_OPS; op++) {
		struct tally of = { 0 };

		for (size_t i = 0; i < SIZE_BINS; i++) {
			of.calls += p->totals.counts.sizes[op][i].calls;
			of.bytes += p->totals.counts.sizes[op][i].bytes;
		}
		json_object_set_new(ops, op_names[op], tally_json(&of));
	}
	return json_pack(
		"{s:s,s:{s:s,s:s,s:s},s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
		"schema", PROFILE_SCHEMA, "tool", "name", "dmabench", "version", DMABENCH_VERSION,
		"commit", DMABENCH_COMMIT, "program", program_json(p), "run", run_json(p), "cost",
		cost_json(p, sum.calls), "unseen", unseen, "calls", (json_int_t)sum.calls, "bytes",
		(json_int_t)sum.bytes, "functions", ops, "sizes", sizes_json(&p->totals.counts),
		"alignment", alignment_json(&p->totals.counts), "callers", callers_json(p),
		"processes", processes_json(p), "threads", threads_json(p), "environment",
		environment("host", FAMILY(ENGINES_DRIVER)));
}

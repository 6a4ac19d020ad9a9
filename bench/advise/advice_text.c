// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <string.h>

#include "text/escape.h"
#include "text/parse.h"
#include "text/units.h"
#include "advise.h"

/* A row for people stands for sizes from one power of two to the next, or for all below the first. */
#define FIRST_ROW 64

static void put_time(FILE *to, double seconds)
{
	char text[UNIT_TEXT];

	fputs(seconds == 0 ? "0 s" : unit_duration(seconds * 1e9, text), to);
}

/* Of one whole, in percent: three digits, as two of 99.6 are 100. */
static void put_share(FILE *to, double share)
{
	if (share > 0 && share < 1e-4)
		fputs("<0.01 %", to);
	else
		fprintf(to, "%.10g %%", unit_round(100 * share, 3));
}

static void put_copied(FILE *to, const struct copied *c, const struct advice *a)
{
	put_share(to, share_of(c->calls, a->all.calls));
	fputs(" of the calls, ", to);
	put_share(to, share_of(c->bytes, a->all.bytes));
	fputs(" of the bytes", to);
}

/* "5 ms, 12 % of its CPU time" */
static void put_time_of(const struct advice *a, double seconds, FILE *to)
{
	char text[UNIT_TEXT];

	put_time(to, seconds);
	if (advice_whole(a) > 0)
		fprintf(to, ", %s of %s", unit_percent(seconds / advice_whole(a), text),
			a->cpu_s > 0 ? "its CPU time" : "the time that it ran");
}

static void put_head(const struct advice *a, FILE *to)
{
	const json_t *program = json_object_get(a->profile, "program"), *arg;
	char text[UNIT_TEXT];
	size_t i;

	put_plain(to, json_string_value(json_object_get(program, "path")));
	json_array_foreach(json_object_get(program, "arguments"), i, arg)
		if (i && json_is_string(arg)) {
			fputc(' ', to);
			put_plain(to, json_string_value(arg));
		}
	fprintf(to, "\n%.0f copies, %s; CPU time ", a->all.calls, unit_decimal(a->all.bytes, text));
	if (a->cpu_s > 0)
		put_time(to, a->cpu_s);
	else
		fputs("none that the kernel saw", to);
	fputs(", of which counting about ", to);
	put_time(to, json_number_value(
			     json_object_get(json_object_get(a->profile, "cost"), "total_s")));
	fputs("\n\n", to);
}

/* The sizes of a row: bins from *i on. */
static size_t row_end(const struct advice *a, size_t i)
{
	uint64_t below = FIRST_ROW;
	size_t end = i;

	while (below <= a->bins[i].from && below)
		below *= 2;
	while (end < a->nbins && (!below || a->bins[end].from < below))
		end++;
	return end;
}

/* memcpy's time and the best way, of the row's size with the most bytes. */
static void put_choice(const struct state_advice *s, const struct bin_state *b, FILE *to)
{
	const struct choice *c = &b->choice[SYNCHRONOUS];

	if (!s->there || !b->measured) {
		fprintf(to, "  %-36s", "not measured");
		return;
	}
	if (c->curve) {
		char text[64];

		snprintf(text, sizeof(text), "%.24s -%.0f %%", c->curve->label,
			 100 * c->saved_ns / b->memcpy_ns);
		fprintf(to, "  %-36s", text);
	} else {
		fprintf(to, "  %-36s",
			!c->rival      ? "nothing else measured"
			: c->undecided ? "undecided"
				       : "memcpy");
	}
}

/* In a column: what is there isn't 0. */
static void put_part(FILE *to, double share)
{
	if (share > 0 && share < 5e-5)
		fputs("   <0.01 %", to);
	else
		fprintf(to, " %7.2f %%", 100 * share);
}

static void put_row(const struct advice *a, size_t i, size_t end, FILE *to)
{
	struct copied sum = { 0 };
	size_t most = i;
	char text[32];

	for (size_t j = i; j < end; j++) {
		sum.calls += a->bins[j].all.calls;
		sum.bytes += a->bins[j].all.bytes;
		if (a->bins[j].all.bytes > a->bins[most].all.bytes)
			most = j;
	}
	fprintf(to, "%12s", format_size(a->bins[i].from, text, sizeof(text)));
	put_part(to, share_of(sum.calls, a->all.calls));
	put_part(to, share_of(sum.bytes, a->all.bytes));
	for (int s = 0; s < STATES; s++)
		if (a->state[s].there)
			put_choice(&a->state[s], &a->state[s].bins[most], to);
	fputc('\n', to);
}

static void put_table(const struct advice *a, FILE *to)
{
	fprintf(to, "%12s %9s %9s", "size from", "calls", "bytes");
	for (int s = 0; s < STATES; s++)
		if (a->state[s].there)
			fprintf(to, "  %-36s",
				s == HOT ? "fastest if in the cache"
					 : "fastest if not in the cache");
	fputc('\n', to);
	for (size_t i = 0; i < a->nbins; i = row_end(a, i))
		put_row(a, i, row_end(a, i), to);
	fputc('\n', to);
}

/* What is saved for sure, at most. */
static void put_sure(const struct advice *a, const struct saving *s, FILE *to)
{
	fputs("at most ", to);
	put_time_of(a, s->time_s, to);
	fputs(" (", to);
	put_copied(to, &s->copies, a);
	if (isnan(s->cpu_s)) {
		fputs("); CPU time not known", to);
	} else {
		fprintf(to, "); %s CPU time: ", s->cpu_s < 0 ? "it costs" : "it saves");
		put_time(to, fabs(s->cpu_s));
	}
}

static void put_saving(const struct advice *a, const struct saving *s, const char *how,
		       const char *none, FILE *to)
{
	fprintf(to, "  %s: ", how);
	if (!s->any || !s->known) {
		fprintf(to, "not known, as %s was measured\n",
			s->any ? "the CPU use of none" : none);
		return;
	}
	if (s->time_s > 0)
		put_sure(a, s, to);
	else
		fputs(s->undecided.calls > 0 ? "nothing that is certain" : "nothing", to);
	if (s->busy_s > 0) {
		fputs("; the engine works for ", to);
		put_time(to, s->busy_s);
		fputs(s->cut ? ", as long as the program runs, and has no time for more" : "", to);
	}
	if (s->undecided.calls > 0) {
		fputs("; undecided: ", to);
		put_copied(to, &s->undecided, a);
	}
	fputc('\n', to);
}

static void put_outside(const struct advice *a, const struct state_advice *s, FILE *to)
{
	char from[32], end[32];

	if (s->alone.calls > 0) {
		fputs("  ", to);
		put_copied(to, &s->alone, a);
		fputs(" are of sizes at which nothing but memcpy was measured\n", to);
	}
	if (!(s->below.calls > 0) && !(s->above.calls > 0))
		return;
	fprintf(to, "  measured from %s to %s only: ",
		format_size(s->curves.sizes[0], from, sizeof(from)),
		format_size(s->curves.sizes[s->curves.n - 1], end, sizeof(end)));
	if (s->below.calls > 0) {
		put_copied(to, &s->below, a);
		fputs(" are smaller (they take less than ", to);
		put_time(to, s->below_most_s);
		fputs(" in all)", to);
	}
	if (s->above.calls > 0) {
		fputs(s->below.calls > 0 ? "; " : "", to);
		put_copied(to, &s->above, a);
		fputs(" are larger", to);
	}
	fputs(", and nothing is said of them\n", to);
}

static void put_state(const struct advice *a, int i, FILE *to)
{
	const struct state_advice *s = &a->state[i];

	fputs(i == HOT ? "If what is copied is in the cache:\n" : "If it isn't:\n", to);
	if (!s->there) {
		fputs("  the result has no such case of memcpy\n", to);
		return;
	}
	fputs("  the copies take about ", to);
	put_time_of(a, s->memcpy_s, to);
	if (s->memcpy_s > advice_whole(a) && advice_whole(a) > 0)
		fputs(": more than there was, so it can't be so for all of them", to);
	fputc('\n', to);
	put_saving(a, &s->saving[SYNCHRONOUS], "by a faster way", "nothing else", to);
	put_saving(a, &s->saving[OVERLAPPED], "by an engine, with other work meanwhile",
		   "no hardware engine", to);
	put_outside(a, s, to);
}

static bool takes(const struct advice *a, const char *path)
{
	for (int s = 0; s < STATES; s++)
		for (size_t i = 0; i < a->nbins && a->state[s].there; i++) {
			const struct curve *c = a->state[s].bins[i].choice[SYNCHRONOUS].curve;

			if (c && !strncmp(c->path, path, strlen(path)))
				return true;
		}
	return false;
}

static void put_notes(const struct advice *a, FILE *to)
{
	size_t launches = SIZE_MAX;

	for (int s = 0; s < STATES; s++)
		if (a->state[s].there && a->state[s].curves.launches < launches)
			launches = a->state[s].curves.launches;
	if (a->difference) {
		fputs("\nThe result is of another machine (", to);
		put_plain(to, a->difference);
		fputs(" differs): it says nothing of this one.\n", to);
	}
	if (launches < 6)
		fprintf(to, "\nThe result has cases of %zu launches: what is close may be luck.\n",
			launches);
	if (takes(a, "memcpy-mt"))
		fputs("\nmemcpy-mt is faster by CPUs that have nothing else to do.\n", to);
	if (a->overlapping.calls > 0) {
		fputs("\nOf memmove's copies ", to);
		put_copied(to, &a->overlapping, a);
		fputs(" overlap: no other way is for those.\n", to);
	}
	if (json_is_true(json_object_get(json_object_get(a->profile, "run"), "still_running")))
		fputs("\nThe program left processes behind, whose later copies aren't counted.\n",
		      to);
}

/* The answer, and what it holds for. */
static void put_answer(const struct advice *a, FILE *to)
{
	const struct state_advice *s = &a->state[a->state[HOT].there ? HOT : COLD];
	double alone = fmax(a->state[HOT].alone_s, a->state[COLD].alone_s), may = 0;

	for (int i = 0; i < STATES; i++)
		for (int m = 0; m < MANNERS; m++)
			may = fmax(may, a->state[i].saving[m].may_s);
	fprintf(to, "Answer: %s", verdict_words[a->verdict]);
	if (a->verdict == NO_SIZE || a->verdict == NO_RIVAL) {
		fputc('\n', to);
		return;
	}
	if (a->verdict == CANT_TELL) {
		fputs(" (up to ", to);
		put_time_of(a, may, to);
		fputc(')', to);
	}
	/* Might what wasn't measured change it? */
	if (s->above.calls > 0 || advice_counts(a, s->below_most_s))
		fputs(", as far as sizes were measured", to);
	if (advice_counts(a, alone))
		fputs(", as far as other ways were measured", to);
	if (!a->state[HOT].there || !a->state[COLD].there)
		fprintf(to, ", if what is copied %s in the cache",
			s == &a->state[HOT] ? "is" : "isn't");
	fputc('\n', to);
}

void advice_text(const struct advice *a, FILE *to)
{
	char setting[160];

	put_head(a, to);
	put_table(a, to);
	for (int s = 0; s < STATES; s++)
		put_state(a, s, to);
	put_notes(a, to);
	curves_setting(a->result, a->env, setting, sizeof(setting));
	fputs("\nFigures are those of environment ", to);
	put_plain(to, a->env);
	fputs(" (", to);
	put_plain(to, setting);
	fprintf(to, ").\nTimes are estimates from them: the program's own copies were counted, not "
		    "timed.\n\n");
	put_answer(a, to);
}

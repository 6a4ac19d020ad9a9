// SPDX-License-Identifier: GPL-2.0-only
#include "totals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void join(struct tally *to, const struct tally *from)
{
	to->calls += from->calls;
	to->bytes += from->bytes;
}

static void join_counts(struct counts *to, const struct counts *from)
{
	for (size_t op = 0; op < COUNTED_OPS; op++)
		for (size_t i = 0; i < SIZE_BINS; i++)
			join(&to->sizes[op][i], &from->sizes[op][i]);
	for (size_t i = 0; i < ALIGN_SIZES; i++)
		for (size_t d = 0; d < ALIGN_CLASSES; d++)
			for (size_t s = 0; s < ALIGN_CLASSES; s++)
				to->aligned[i][d][s] += from->aligned[i][d][s];
}

struct tally counts_sum(const struct counts *counts)
{
	struct tally sum = { 0 };

	for (size_t op = 0; op < COUNTED_OPS; op++)
		for (size_t i = 0; i < SIZE_BINS; i++)
			join(&sum, &counts->sizes[op][i]);
	return sum;
}

/* Room for one more of a list; the list, or NULL. */
static void *one_more(void *list, size_t n, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 64;
	void *new;

	if (n < *room)
		return list;
	new = reallocarray(list, more, size);
	if (new)
		*room = more;
	return new;
}

static int add_caller(struct totals *t, const struct caller *c)
{
	struct called_from *list =
		one_more(t->callers, t->ncallers, &t->callers_room, sizeof(*list));

	if (!list)
		return -ENOMEM;
	t->callers = list;
	list[t->ncallers++] = (struct called_from){ c->module, c->offset, c->tally };
	return 0;
}

static int add_thread(struct totals *t, uint32_t process, uint32_t thread, struct tally tally)
{
	struct seen_thread *list =
		one_more(t->threads, t->nthreads, &t->threads_room, sizeof(*list));

	if (!list)
		return -ENOMEM;
	t->threads = list;
	list[t->nthreads++] = (struct seen_thread){ process, thread, tally };
	return 0;
}

static int add_process(struct totals *t, const struct block *b, struct tally tally)
{
	struct seen_process *list =
		one_more(t->processes, t->nprocesses, &t->processes_room, sizeof(*list));

	if (!list)
		return -ENOMEM;
	t->processes = list;
	list[t->nprocesses++] = (struct seen_process){ b->process, b->pid, b->program, tally };
	return 0;
}

/* The thread that has it, those kept of the ones that had it, and how many more there were. */
static int add_threads(struct totals *t, const struct block *b, struct tally sum)
{
	struct tally gone = b->before;
	uint64_t known = 0;
	int ret = 0;

	if (b->thread)
		ret = add_thread(t, b->process, b->thread,
				 (struct tally){ sum.calls - b->before.calls,
						 sum.bytes - b->before.bytes });
	for (size_t i = 0; i < ENDED_KEPT && !ret; i++) {
		if (!b->ended[i].thread)
			continue;
		known++;
		gone.calls -= b->ended[i].tally.calls;
		gone.bytes -= b->ended[i].tally.bytes;
		ret = add_thread(t, b->process, b->ended[i].thread, b->ended[i].tally);
	}
	if (b->nended > known) {
		t->nmore += b->nended - known;
		join(&t->more, &gone);
	}
	return ret;
}

int totals_add(struct totals *t, const struct block *b)
{
	struct tally sum = counts_sum(&b->counts);
	int ret;

	if (!b->process)
		return 0;
	join_counts(&t->counts, &b->counts);
	join(&t->others, &b->others);
	ret = add_process(t, b, sum);
	if (!ret)
		ret = add_threads(t, b, sum);
	for (size_t i = 0; i < CALLERS && !ret; i++)
		if (b->callers[i].address)
			ret = add_caller(t, &b->callers[i]);
	return ret;
}

void totals_add_shared(struct totals *t, const struct counts *shared)
{
	struct tally sum = counts_sum(shared);

	join_counts(&t->counts, shared);
	join(&t->others, &sum);
}

static int by_place(const void *a, const void *b)
{
	const struct called_from *x = a, *y = b;

	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

static int by_number(const void *a, const void *b)
{
	const struct seen_process *x = a, *y = b;

	return (x->process > y->process) - (x->process < y->process);
}

/* Most bytes first, then most calls. */
static int by_tally(const struct tally *x, const struct tally *y)
{
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return (x->calls < y->calls) - (x->calls > y->calls);
}

static int caller_order(const void *a, const void *b)
{
	int order = by_tally(&((const struct called_from *)a)->tally,
			     &((const struct called_from *)b)->tally);

	return order ? order : by_place(a, b);
}

static int process_order(const void *a, const void *b)
{
	int order = by_tally(&((const struct seen_process *)a)->tally,
			     &((const struct seen_process *)b)->tally);

	return order ? order : by_number(a, b);
}

static int thread_order(const void *a, const void *b)
{
	const struct seen_thread *x = a, *y = b;
	int order = by_tally(&x->tally, &y->tally);

	if (!order)
		order = (x->process > y->process) - (x->process < y->process);
	return order ? order : (x->thread > y->thread) - (x->thread < y->thread);
}

static void join_callers(struct totals *t)
{
	size_t n = 0;

	qsort(t->callers, t->ncallers, sizeof(*t->callers), by_place);
	for (size_t i = 0; i < t->ncallers; i++)
		if (n && !by_place(&t->callers[n - 1], &t->callers[i]))
			join(&t->callers[n - 1].tally, &t->callers[i].tally);
		else
			t->callers[n++] = t->callers[i];
	t->ncallers = n;
	qsort(t->callers, n, sizeof(*t->callers), caller_order);
}

static void join_processes(struct totals *t)
{
	size_t n = 0;

	qsort(t->processes, t->nprocesses, sizeof(*t->processes), by_number);
	for (size_t i = 0; i < t->nprocesses; i++)
		if (n && !by_number(&t->processes[n - 1], &t->processes[i]))
			join(&t->processes[n - 1].tally, &t->processes[i].tally);
		else
			t->processes[n++] = t->processes[i];
	t->nprocesses = n;
	qsort(t->processes, n, sizeof(*t->processes), process_order);
}

static void shorten_threads(struct totals *t)
{
	for (; t->nthreads > TOTALS_KEPT; t->nthreads--) {
		join(&t->more, &t->threads[t->nthreads - 1].tally);
		t->nmore++;
	}
}

static void shorten_processes(struct totals *t)
{
	for (; t->nprocesses > TOTALS_KEPT; t->nprocesses--)
		join(&t->more_processes, &t->processes[t->nprocesses - 1].tally);
}

void totals_shorten(struct totals *t)
{
	if (t->ncallers)
		join_callers(t);
	if (t->nprocesses)
		join_processes(t);
	if (t->nthreads)
		qsort(t->threads, t->nthreads, sizeof(*t->threads), thread_order);
	shorten_threads(t);
	shorten_processes(t);
}

void totals_sort(struct totals *t, const uint32_t *same)
{
	for (size_t i = 0; i < t->ncallers; i++)
		t->callers[i].module = same[t->callers[i].module];
	for (size_t i = 0; i < t->nprocesses; i++)
		t->processes[i].program = same[t->processes[i].program];
	totals_shorten(t);
}

void totals_free(struct totals *t)
{
	free(t->callers);
	free(t->threads);
	free(t->processes);
	memset(t, 0, sizeof(*t));
}

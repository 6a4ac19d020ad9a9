// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a list of calls that goes wrong as short as can be: parts are left out, large ones
 * first, as long as the rest still goes wrong in the same way. Each try is a process of its
 * own with new sessions.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "levels.h"

/* How a try ended; shared with its process. */
struct outcome {
	bool failed;
	unsigned long calls; /* made until then */
	char what[256];
};

static struct outcome *outcome;
static struct call *all;

static void run(struct world *world, const struct call *list, unsigned long count)
{
	static struct worker w;
	struct levels before;
	unsigned long i;

	memset(outcome, 0, sizeof(*outcome));
	before = levels_now();
	world->pins = before.pins;
	if (!world_shared(world))
		_exit(2);
	worker_init(&w, world, 0, 1);
	for (i = 0; i < count && worker_call(&w, &list[i]); i++)
		;
	outcome->calls = i < count ? i + 1 : count;
	outcome->failed = !worker_end(&w);
	memcpy(outcome->what, w.what, sizeof(outcome->what));
	world_close(world);
	if (!outcome->failed && !levels_same(&before)) {
		outcome->failed = true;
		strcpy(outcome->what, LEFT);
	}
	fflush(stdout);
	_exit(0);
}

/* Whether the list goes wrong in this way; NULL: in any. */
static bool goes_wrong(struct world *world, const struct call *list, unsigned long count,
		       const char *what)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		run(world, list, count);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		exit(2);
	/* A try that dies is as good as one that goes wrong. */
	if (status) {
		outcome->failed = true;
		outcome->calls = count;
		strcpy(outcome->what, "died");
	}
	return outcome->failed && (!what || !strcmp(what, outcome->what));
}

/* Leaves out [at, at + part) of the list. */
static void without(struct call *to, const struct call *from, unsigned long count, unsigned long at,
		    unsigned long part)
{
	memcpy(to, from, at * sizeof(*to));
	memcpy(to + at, from + at + part, (count - at - part) * sizeof(*to));
}

static unsigned long shorten(struct world *world, struct call *list, unsigned long count,
			     const char *what)
{
	struct call *shorter = calloc(count, sizeof(*shorter));
	unsigned long part = count / 2, at;

	while (part) {
		bool any = false;

		for (at = 0; at + part <= count;) {
			without(shorter, list, count, at, part);
			if (!goes_wrong(world, shorter, count - part, what)) {
				at += part;
				continue;
			}
			count -= part;
			memcpy(list, shorter, count * sizeof(*list));
			any = true;
		}
		if (!any || part > 1)
			part /= 2;
		fprintf(stderr, "# %lu calls are left\n", count);
	}
	free(shorter);
	return count;
}

int minimise(struct world *world, unsigned long calls)
{
	uint64_t rng = rng_mix(world->seed);
	unsigned long count;
	char what[256];

	outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	all = calloc(calls, sizeof(*all));
	if (outcome == MAP_FAILED || !all)
		return 2;
	for (count = 0; count < calls; count++)
		all[count] = generate(&rng);
	if (!goes_wrong(world, all, calls, NULL)) {
		printf("# %lu calls of seed %llu go well: nothing to minimise\n", calls,
		       (unsigned long long)world->seed);
		return 0;
	}
	strcpy(what, outcome->what);
	printf("# goes wrong: %s\n", what);
	/* What comes after the failure isn't needed. */
	count = shorten(world, all, outcome->calls, what);
	printf("# %lu calls do it:\n", count);
	fflush(stdout);
	world->trace = true;
	goes_wrong(world, all, count, what);
	return 1;
}

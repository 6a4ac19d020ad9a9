// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same copies by the C library, and by the counting one in front of it, in turns. In a process
 * of its own: a library that is loaded for that stays loaded.
 */
#include "cost.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/clock.h"
#include "statistics/stats.h"
#include "counters.h"
#include "totals.h"

typedef void *copy_fn(void *to, const void *from, size_t n);

static double round_ns(copy_fn *volatile copy)
{
	static char from[COST_SIZE], to[COST_SIZE];
	uint64_t start = now_ns();

	for (int i = 0; i < COST_CALLS; i++)
		copy(to, from, sizeof(to));
	return (double)(now_ns() - start) / COST_CALLS;
}

static int measure(const char *library, double more[COST_ROUNDS])
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	copy_fn *counted = NULL;

	if (handle)
		*(void **)&counted = dlsym(handle, "memcpy");
	if (!counted)
		return -ENOEXEC;
	round_ns(counted);
	round_ns(memcpy);
	for (int i = 0; i < COST_ROUNDS; i++)
		more[i] = round_ns(counted) - round_ns(memcpy);
	return 0;
}

static void measure_in_child(const struct counters *c, const char *library, int fd)
{
	double more[COST_ROUNDS];

	if (setenv(REGION_VARIABLE, c->path, 1) || measure(library, more) ||
	    write(fd, more, sizeof(more)) != sizeof(more))
		_exit(1);
	_exit(0);
}

static int counted_all(const struct counters *c)
{
	const struct block *b = counters_map(c, 0);
	uint64_t calls = b ? counts_sum(&b->counts).calls : 0;

	if (b)
		counters_unmap(b);
	return calls >= (uint64_t)COST_CALLS * (COST_ROUNDS + 1) ? 0 : -EBADE;
}

static void take(struct cost *cost, double more[COST_ROUNDS])
{
	stats_sort(more, COST_ROUNDS);
	cost->low = stats_quantile(more, COST_ROUNDS, 0.25);
	cost->ns = stats_quantile(more, COST_ROUNDS, 0.5);
	cost->high = stats_quantile(more, COST_ROUNDS, 0.75);
}

int cost_measure(const char *library, struct cost *cost)
{
	double more[COST_ROUNDS];
	struct counters c;
	int fds[2], ret = counters_open(&c), status = 0;
	pid_t child;

	if (ret)
		return ret;
	if (pipe(fds)) {
		ret = -errno;
		goto close;
	}
	child = fork();
	if (!child)
		measure_in_child(&c, library, fds[1]);
	if (child < 0)
		ret = -errno;
	close(fds[1]);
	if (!ret && read(fds[0], more, sizeof(more)) != sizeof(more))
		ret = -ENOEXEC;
	close(fds[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	if (!ret)
		ret = counted_all(&c);
	if (!ret)
		take(cost, more);
close:
	counters_close(&c);
	return ret;
}

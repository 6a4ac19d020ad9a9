// SPDX-License-Identifier: GPL-2.0-only
#include "load.h"

#include <stdio.h>
#include <stdlib.h>

#include "co_runner.h"

/* More of them than memory has channels for take no more; and each has a buffer. */
#define MOST 32

struct load {
	struct co_runner *of[MOST];
	unsigned int n;
};

struct load *load_start(const int *cpus, unsigned int n, unsigned int percent, char *why,
			size_t len)
{
	struct load *load = calloc(1, sizeof(*load));
	int chosen[MOST];
	unsigned int count = co_runner_cpus(cpus, n, chosen, MOST);

	if (!load)
		snprintf(why, len, "out of memory");
	else if (!count)
		snprintf(why, len, "the node has no other usable CPU");
	for (unsigned int i = 0; load && i < count; i++) {
		struct co_runner *one = co_runner_start(chosen[i], why, len);

		/* Those that memory is enough for. */
		if (!one)
			break;
		load->of[load->n++] = one;
		co_runner_pace(one, percent);
		co_runner_work(one, CO_RUNNER_BANDWIDTH);
	}
	if (load && load->n)
		return load;
	free(load);
	return NULL;
}

void load_stop(struct load *load)
{
	for (unsigned int i = 0; load && i < load->n; i++)
		co_runner_stop(load->of[i]);
	free(load);
}

unsigned int load_cpus(const struct load *load)
{
	return load->n;
}

double load_bytes(const struct load *load)
{
	double bytes = 0;

	for (unsigned int i = 0; i < load->n; i++)
		bytes += co_runner_bytes(load->of[i]);
	return bytes;
}

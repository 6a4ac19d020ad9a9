/* SPDX-License-Identifier: GPL-2.0-only */
/* What mustn't grow; see levels.h. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "levels.h"

bool mappings_listed(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma-api/disabled", "r");
	int answer = file ? fgetc(file) : 'Y';

	if (file)
		fclose(file);
	return answer == 'N';
}

/* A kernel told not to keep a list (dma_debug=off) has a file of it all the same, and dies of it. */
static long mappings(void)
{
	FILE *file = mappings_listed() ? fopen("/sys/kernel/debug/dma-api/dump", "r") : NULL;
	char line[512];
	long count = 0;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		count += !strncmp(line, "dmabench_", 9);
	fclose(file);
	return count;
}

struct levels levels_now(void)
{
	return (struct levels){ .pins = pins(), .locked = locked_kib(), .mappings = mappings() };
}

bool levels_same(const struct levels *before)
{
	struct levels now = levels_now();

	return !memcmp(&now, before, sizeof(now));
}

bool levels_back(const struct levels *before)
{
	struct levels now = levels_now();
	unsigned int tries;

	/* A killed process lets go in its own time. */
	for (tries = 0; tries < 50 && memcmp(&now, before, sizeof(now)); tries++) {
		usleep(20000);
		now = levels_now();
	}
	if (!memcmp(&now, before, sizeof(now)))
		return true;
	fprintf(stderr, "# left: %ld pins, %ld KiB locked, %ld mappings\n", now.pins - before->pins,
		now.locked - before->locked, now.mappings - before->mappings);
	return false;
}

long module_users(const char *name)
{
	char path[128];
	long users = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &users) != 1)
		users = -1;
	fclose(file);
	return users;
}

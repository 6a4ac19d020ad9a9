/* SPDX-License-Identifier: GPL-2.0-only */
/* What mustn't grow; see levels.h. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "levels.h"

#define KMEMLEAK "/sys/kernel/debug/kmemleak"

static long mappings(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma-api/dump", "r");
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

static bool command(const char *text)
{
	int fd = open(KMEMLEAK, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* The first scan only notes what could be a leak; it is one when it is 5 s old. */
bool no_leaks(void)
{
	char line[512];
	FILE *file;
	bool none = true;

	if (!command("scan") || sleep(6) || !command("scan") || sleep(6) || !command("scan") ||
	    !(file = fopen(KMEMLEAK, "r"))) {
		fprintf(stderr, "# this kernel has no leak detector\n");
		return false;
	}
	while (fgets(line, sizeof(line), file)) {
		none = false;
		fprintf(stderr, "# %s", line);
	}
	fclose(file);
	return none;
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

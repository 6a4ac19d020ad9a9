/* SPDX-License-Identifier: GPL-2.0-only */
/* Nodes to test with: a folder of files as /sys/devices/system/node is. */
#ifndef DMABENCH_FAKE_NODES_H
#define DMABENCH_FAKE_NODES_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "machine/nodes.h"

static char folder[64];

/* A file there, and the folder that it is in; nodes_use(folder, …) has them read. */
static inline void put(const char *name, const char *text)
{
	char path[128], *slash;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	slash = strrchr(path, '/');
	*slash = '\0';
	mkdir(path, 0755);
	*slash = '/';
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%s\n", text);
	assert_int_equal(fclose(f), 0);
}

static inline int fresh_nodes(void)
{
	strcpy(folder, "/tmp/dmabench-nodes.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static inline int drop_nodes(void **state)
{
	char command[96];

	(void)state;
	nodes_use("/sys/devices/system/node", "/proc/self/status");
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

#endif

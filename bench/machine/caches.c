// SPDX-License-Identifier: GPL-2.0-only
#include "caches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/parse.h"
#include "files.h"
#include "nodes.h"

#define CPUS "/sys/devices/system/cpu"

static int attribute(int cpu, int index, const char *file, char *buf, size_t len)
{
	char path[128];

	snprintf(path, sizeof(path), CPUS "/cpu%d/cache/index%d/%s", cpu, index, file);
	return read_line(path, buf, len);
}

/* CPUs in a list like "0-3,8". */
static unsigned int count_cpus(const char *list)
{
	unsigned int count = 0;

	while (*list) {
		char *end;
		long from = strtol(list, &end, 10), to = from;

		if (end == list)
			break;
		if (*end == '-')
			to = strtol(end + 1, &end, 10);
		count += (unsigned int)(to - from + 1);
		list = *end == ',' ? end + 1 : end;
	}
	return count ? count : 1;
}

uint64_t caches_last(int cpu, unsigned int *sharers)
{
	uint64_t bytes = 0;
	char text[256];

	*sharers = 1;
	for (int index = 0; index < 8; index++) {
		uint64_t size;

		if (attribute(cpu, index, "type", text, sizeof(text)) ||
		    !strcmp(text, "Instruction") ||
		    attribute(cpu, index, "size", text, sizeof(text)) || parse_size(text, &size) ||
		    !size)
			continue;
		bytes = size;
		if (!attribute(cpu, index, "shared_cpu_list", text, sizeof(text)))
			*sharers = count_cpus(text);
	}
	return bytes;
}

uint64_t caches_last_of_all(void)
{
	static int cpus[MAX_CPUS];
	size_t n = sys_numbered(CPUS, "cpu", cpus, MAX_CPUS);
	double bytes = 0;

	/* Each CPU's part of what it shares. */
	for (size_t i = 0; i < n; i++) {
		unsigned int sharers;
		uint64_t of = caches_last(cpus[i], &sharers);

		bytes += (double)of / sharers;
	}
	return (uint64_t)(bytes + 0.5);
}

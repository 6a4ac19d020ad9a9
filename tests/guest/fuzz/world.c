// SPDX-License-Identifier: GPL-2.0-only
/* What is known of the machine before the first call: limits, engines, nodes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"

/* A list like 0-1,3 as bits. */
static uint64_t nodes_with_memory(void)
{
	FILE *file = fopen("/sys/devices/system/node/has_memory", "r");
	unsigned int first, last;
	uint64_t nodes = 0;
	int got;

	while (file && (got = fscanf(file, "%u-%u", &first, &last)) > 0) {
		for (last = got == 1 ? first : last; first <= last && first < 64; first++)
			nodes |= 1ULL << first;
		if (fgetc(file) != ',')
			break;
	}
	if (file)
		fclose(file);
	return nodes ? nodes : 1;
}

bool world_open(struct world *world)
{
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	unsigned int i;

	if (fd < 0 || ioctl(fd, DMABENCH_IOC_INFO, &world->info)) {
		perror("fuzz: " DMABENCH_DEVICE);
		return false;
	}
	for (i = 0; i < MAX_ENGINES; i++) {
		struct dmabench_engine_info *info = &world->engine[i];

		memset(info, 0, sizeof(*info));
		info->index = i;
		if (ioctl(fd, DMABENCH_IOC_ENGINE_INFO, info))
			break;
		if (strcmp(info->driver, world->driver)) {
			fprintf(stderr, "fuzz: an engine of %s is there too\n", info->driver);
			return false;
		}
	}
	world->engines = i;
	world->nodes = nodes_with_memory();
	close(fd);
	if (!i || i != world->info.engine_count)
		fprintf(stderr, "fuzz: no engine of %s, or not all are listed\n", world->driver);
	return i && i == world->info.engine_count;
}

/* Once in each process. */
bool world_shared(struct world *world)
{
	struct dmabench_engine_open arg = { .flags = 0 };

	pthread_mutex_init(&world->print, NULL);
	memcpy(arg.name, world->engine[0].name, sizeof(arg.name));
	world->shared_fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (world->shared_fd < 0 || ioctl(world->shared_fd, DMABENCH_IOC_ENGINE_OPEN, &arg)) {
		perror("fuzz: the shared session");
		return false;
	}
	world->shared_engine = arg.engine;
	memset(world->shared_handle, 0, sizeof(world->shared_handle));
	return true;
}

void world_close(struct world *world)
{
	close(world->shared_fd);
}

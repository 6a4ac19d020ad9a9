/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Engines are listed while they go. A device's channels are taken away one by one, and where
 * their names stood is freed: who looks meanwhile must not see those that are gone. A debug
 * kernel tells of each look at freed memory; elsewhere a name may come out wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

#define CHANNELS "channels=64" /* as many moments between two of them */
#define TIMES 10
#define LISTERS 2

static void reload(const char *parameters)
{
	int fd;

	assert_int_equal(syscall(SYS_delete_module, "dmabench_sim", O_NONBLOCK), 0);
	fd = open("/lib/modules/dmabench_sim.ko", O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(syscall(SYS_finit_module, fd, parameters, 0), 0);
	close(fd);
}

struct lister {
	pthread_t thread;
	unsigned long looks;
	bool wrong; /* something that isn't an engine's name */
};

static atomic_bool stop;

/* Each look visits all channels, and so does asking for one that isn't there. */
static void *list_engines(void *param)
{
	struct lister *lister = param;
	int fd = open(DMABENCH_DEVICE, O_RDWR);

	for (; !stop; lister->looks++) {
		struct dmabench_engine_info info = { .index = (uint32_t)lister->looks % 64 };
		uint32_t handle;

		if (!request(fd, DMABENCH_IOC_ENGINE_INFO, &info) && strncmp(info.name, "dma", 3))
			lister->wrong = true;
		if (open_engine(fd, "none", &handle) != ENODEV)
			lister->wrong = true;
	}
	close(fd);
	return NULL;
}

static void listed_while_they_go(void **state)
{
	struct bench *bench = *state;
	struct dmabench_engine_info info = bench->info;
	struct lister lister[LISTERS] = { { .looks = 0 } };
	int i;

	skip_unless_sim(bench);
	close(bench->fd);
	reload(CHANNELS);
	stop = false;
	for (i = 0; i < LISTERS; i++)
		assert_int_equal(pthread_create(&lister[i].thread, NULL, list_engines, &lister[i]),
				 0);
	for (i = 0; i < TIMES; i++) {
		bind_device(&info, "unbind");
		bind_device(&info, "bind");
	}
	stop = true;
	for (i = 0; i < LISTERS; i++) {
		pthread_join(lister[i].thread, NULL);
		assert_true(lister[i].looks > 0);
		assert_false(lister[i].wrong);
	}
	reload("");
	bench->fd = open(DMABENCH_DEVICE, O_RDWR);
	assert_true(bench->fd >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(listed_while_they_go, bench_setup, bench_teardown),
	};

	return cmocka_run_group_tests_name("listing", tests, NULL, NULL);
}

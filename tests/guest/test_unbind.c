/* SPDX-License-Identifier: GPL-2.0-only */
/* A provider that goes: those who wait are woken, later calls get ENODEV, and it can come back. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define LEN (4 * PAGE)

#include "sides.h"

#define MS 1000000UL

/* The kernel's own providers end nothing that runs when they are unbound. */
static void skip_unless_ours(const struct bench *bench)
{
	if (strncmp(bench->info.driver, "dmabench_", 9))
		skip();
}

#define MAX_DEVICES 8

/* Unbinds whatever provides an engine; says what that was. */
static unsigned int unbind_all(int fd, struct dmabench_engine_info *unbound)
{
	unsigned int count = 0;

	for (;;) {
		struct dmabench_engine_info info = { .index = 0 };

		if (request(fd, DMABENCH_IOC_ENGINE_INFO, &info))
			return count;
		assert_true(count < MAX_DEVICES);
		bind_device(&info, "unbind");
		unbound[count++] = info;
	}
}

static void no_provider_is_enodev(void **state)
{
	struct bench *bench = *state;
	struct dmabench_engine_info unbound[MAX_DEVICES];
	struct dmabench_info info;
	unsigned int count;
	uint32_t handle;

	skip_unless_ours(bench);
	close(bench->fd);
	bench->fd = open(DMABENCH_DEVICE, O_RDWR);
	count = unbind_all(bench->fd, unbound);
	assert_true(count > 0);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	assert_int_equal(info.engine_count, 0);
	assert_int_equal(open_engine(bench->fd, "", &handle), ENODEV);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &handle), ENODEV);
	while (count)
		bind_device(&unbound[--count], "bind");
	assert_int_equal(open_engine(bench->fd, "", &handle), 0);
}

static void engine_unbound_during_a_copy(void **state)
{
	struct bench *bench = *state;
	struct job job = { .bench = bench, .arg = user_copy(dst, src, LEN) };
	struct dmabench_copy arg = user_copy(dst, src, PAGE);
	struct dmabench_engine_info info;
	struct dmabench_buffer buffer;
	long before = pins();
	pthread_t thread;

	skip_unless_ours(bench);
	if (on_sim(bench))
		sim_set("latency_ns", 300 * MS);
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	usleep(50000);
	bind_device(&bench->info, "unbind");
	pthread_join(thread, NULL);
	assert_int_equal(job.err, ENODEV);
	assert_int_equal(pins(), before);
	assert_int_equal(copy(bench, &arg), ENODEV);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, PAGE, &buffer), ENODEV);
	assert_int_equal(find_engine(bench->fd, &info), ENOENT);
	close(bench->fd);
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	bind_device(&bench->info, "bind");
	bench->fd = open(DMABENCH_DEVICE, O_RDWR);
	assert_int_equal(find_engine(bench->fd, &bench->info), 0);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), 0);
	copies_right(bench, dst, src, LEN);
}

/* Take the engine away from the session and bring it back for the next. */
static void unbind(struct bench *bench)
{
	bind_device(&bench->info, "unbind");
}

static void bind_again(struct bench *bench)
{
	close(bench->fd);
	bind_device(&bench->info, "bind");
	bench->fd = open(DMABENCH_DEVICE, O_RDWR);
	assert_int_equal(find_engine(bench->fd, &bench->info), 0);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), 0);
	copies_right(bench, dst, src, LEN);
}

/* With nothing at work: what is asked of the engine later is ENODEV, and nothing else. */
static void engine_unbound_while_idle(void **state)
{
	struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, PAGE);
	struct dmabench_buffer buffer;
	uint32_t handle;
	int other;

	copies_right(bench, dst, src, LEN);
	unbind(bench);
	assert_int_equal(copy(bench, &arg), ENODEV);
	assert_int_equal(copy(bench, &arg), ENODEV);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, src, PAGE, &buffer), ENODEV);
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, PAGE, &buffer), ENODEV);
	other = open(DMABENCH_DEVICE, O_RDWR);
	assert_int_equal(open_engine(other, bench->info.name, &handle), ENODEV);
	close(other);
	bind_again(bench);
}

static void *unbind_it(void *bench)
{
	unbind(bench);
	return NULL;
}

/* A channel that can't be stopped at first is asked again before its memory is taken. */
static void refusing_to_stop_at_first(void **state)
{
	struct bench *bench = *state;
	struct job job = { .bench = bench, .arg = user_copy(dst, src, LEN) };
	pthread_t copier, unbinder;
	long before = pins();

	skip_unless_sim(bench);
	sim_set("latency_ns", 5000 * MS);
	assert_int_equal(pthread_create(&copier, NULL, do_job, &job), 0);
	usleep(50000);
	sim_fault("noterm", 1, 0, -1);
	assert_int_equal(pthread_create(&unbinder, NULL, unbind_it, bench), 0);
	usleep(100000);
	sim_fault_off();
	pthread_join(unbinder, NULL);
	pthread_join(copier, NULL);
	assert_int_equal(job.err, ENODEV);
	assert_int_equal(pins(), before);
	sim_set("latency_ns", 0);
	bind_again(bench);
}

#define UNBIND(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNBIND(engine_unbound_during_a_copy),
		UNBIND(no_provider_is_enodev),
		UNBIND(engine_unbound_while_idle),
		UNBIND(refusing_to_stop_at_first),
	};

	return cmocka_run_group_tests_name("unbind", tests, sides_make, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A provider that goes while buffers of all kinds live: what was mapped for it is
 * unmapped in time, coherent memory is taken from whoever sees it, the rest stays
 * its owner's, and everything can be let go of as before.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define KINDS 4
#define LEN (4 * PAGE)

#include "sides.h"

static char seen[LEN];

static sigjmp_buf fault_jump;

static void on_fault(int sig)
{
	siglongjmp(fault_jump, sig);
}

/* The signal that looking at memory gives, 0: none. */
static int look(volatile char *memory)
{
	struct sigaction action = { .sa_handler = on_fault }, old_bus, old_segv;
	int sig;

	sigaction(SIGBUS, &action, &old_bus);
	sigaction(SIGSEGV, &action, &old_segv);
	sig = sigsetjmp(fault_jump, 1);
	if (!sig)
		(void)*memory;
	sigaction(SIGBUS, &old_bus, NULL);
	sigaction(SIGSEGV, &old_segv, NULL);
	return sig;
}

static void rebind(struct bench *bench)
{
	bind_device(&bench->info, "bind");
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(find_engine(bench->fd, &bench->info), 0);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), 0);
	copies_right(bench, dst, src, LEN);
}

static void copies_are_enodev(const struct bench *bench, const struct end *ends)
{
	uint32_t kind;

	for (kind = 0; kind < KINDS; kind++) {
		struct dmabench_copy arg = user_copy(dst, src, LEN);

		arg.src = end_side(&ends[kind], 0);
		assert_int_equal(copy(bench, &arg), ENODEV);
		arg.src = user_copy(dst, src, LEN).src;
		arg.dst = end_side(&ends[kind], 0);
		assert_int_equal(copy(bench, &arg), ENODEV);
	}
}

/* What still is the caller's shows what it showed, and what isn't shows nothing. */
static void memory_after_unbinding(const struct bench *bench, const struct end *ends)
{
	const struct end *coherent = &ends[DMABENCH_BUF_COHERENT];
	const struct end *kernel = &ends[DMABENCH_BUF_KERNEL];

	end_look(bench, &ends[DMABENCH_BUF_REGISTERED], seen);
	assert_memory_equal(seen, src, LEN);
	assert_int_equal(pread(bench->fd, seen, LEN, (off_t)kernel->offset), LEN);
	assert_memory_equal(seen, src, LEN);
	assert_int_equal(pwrite(bench->fd, src, LEN, (off_t)kernel->offset), LEN);
	assert_int_equal(look(coherent->memory), SIGBUS);
	assert_int_equal(look(coherent->memory + LEN - 1), SIGBUS);
	assert_ptr_equal(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, bench->fd,
			      (off_t)coherent->offset),
			 MAP_FAILED);
	assert_int_equal(errno, ENODEV);
	assert_int_equal(destroy(bench->fd, coherent->handle), EBUSY);
}

static void make_all(const struct bench *bench, struct end *ends)
{
	uint32_t kind;

	for (kind = 0; kind < KINDS; kind++) {
		end_make(bench, &ends[kind], kind, LEN);
		end_fill(bench, &ends[kind], src);
	}
}

static void buffers_outlive_their_engine(void **state)
{
	struct bench *bench = *state;
	struct end ends[KINDS];
	long before = pins();
	uint32_t kind;

	make_all(bench, ends);
	bind_device(&bench->info, "unbind");
	assert_int_equal(pins(), before + LEN / PAGE);
	copies_are_enodev(bench, ends);
	memory_after_unbinding(bench, ends);
	for (kind = 0; kind < KINDS; kind++)
		end_drop(bench, &ends[kind]);
	assert_int_equal(pins(), before);
	close(bench->fd);
	rebind(bench);
}

/* The same, let go of by closing, with the mapping outliving the file. */
static void session_ends_after_its_engine(void **state)
{
	struct bench *bench = *state;
	struct end ends[KINDS];
	long before = pins();

	make_all(bench, ends);
	bind_device(&bench->info, "unbind");
	close(bench->fd);
	assert_int_equal(look(ends[DMABENCH_BUF_COHERENT].memory), SIGBUS);
	assert_int_equal(munmap(ends[DMABENCH_BUF_COHERENT].memory, LEN), 0);
	assert_int_equal(pins(), before);
	pages_free(ends[DMABENCH_BUF_REGISTERED].memory, LEN);
	pages_free(ends[DMABENCH_BUF_USER].memory, LEN);
	rebind(bench);
}

/* Another process that has it mapped loses it as well. */
static void every_mapper_loses_it(void **state)
{
	struct bench *bench = *state;
	struct end end;
	int go[2], ready[2], status;
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(ready), 0);
	end_make(bench, &end, DMABENCH_BUF_COHERENT, LEN);
	pid = fork();
	if (!pid) {
		char *mine = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, bench->fd,
				  (off_t)(end.offset + PAGE));

		if (mine == MAP_FAILED || look(mine) || write(ready[1], &byte, 1) != 1 ||
		    read(go[0], &byte, 1) != 1)
			_exit(1);
		_exit(look(mine) != SIGBUS);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	bind_device(&bench->info, "unbind");
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(look(end.memory), SIGBUS);
	end_drop(bench, &end);
	close(bench->fd);
	rebind(bench);
}

/* Another session's buffer at the same offset, of another provider, stays. */
static void others_keep_theirs(void **state)
{
	struct bench *bench = *state, other;
	struct end mine, theirs;
	uint32_t index;

	other.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	for (index = 0;; index++) {
		memset(&other.info, 0, sizeof(other.info));
		other.info.index = index;
		if (request(other.fd, DMABENCH_IOC_ENGINE_INFO, &other.info)) {
			close(other.fd);
			skip(); /* no second provider */
		}
		if (strcmp(other.info.driver, bench->info.driver))
			break;
	}
	assert_int_equal(open_engine(other.fd, other.info.name, &other.engine), 0);
	end_make(bench, &mine, DMABENCH_BUF_COHERENT, LEN);
	end_make(&other, &theirs, DMABENCH_BUF_COHERENT, LEN);
	assert_int_equal(mine.offset, theirs.offset);
	end_fill(&other, &theirs, src);
	bind_device(&bench->info, "unbind");
	assert_int_equal(look(mine.memory), SIGBUS);
	assert_int_equal(look(theirs.memory), 0);
	end_look(&other, &theirs, seen);
	assert_memory_equal(seen, src, LEN);
	copies_right(&other, dst, src, PAGE);
	end_drop(&other, &theirs);
	close(other.fd);
	end_drop(bench, &mine);
	close(bench->fd);
	rebind(bench);
}

static atomic_bool stop_now;

/* Maps, copies and lets go, until the provider is gone; returns how often it was wrong. */
static void *use_until_gone(void *param)
{
	const struct bench *bench = param;
	char *from = pages(LEN), *to = pages(LEN);
	long wrong = 0;

	pattern(from, LEN, 12);
	while (!atomic_load(&stop_now)) {
		struct dmabench_copy arg = user_copy(to, from, LEN);
		struct dmabench_buffer buffer;
		char *memory;
		int err;

		memset(to, 0, LEN);
		err = copy(bench, &arg);
		wrong += err ? err != ENODEV : memcmp(to, from, LEN) != 0;
		err = create(bench, DMABENCH_BUF_COHERENT, NULL, LEN, &buffer);
		wrong += err && err != ENODEV;
		if (err)
			continue;
		memory = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED, bench->fd,
			      (off_t)buffer.mmap_offset);
		wrong += memory == MAP_FAILED && errno != ENODEV;
		if (memory != MAP_FAILED)
			wrong += munmap(memory, LEN) != 0;
		wrong += destroy(bench->fd, buffer.handle) != 0;
	}
	pages_free(from, LEN);
	pages_free(to, LEN);
	return (void *)wrong;
}

#define USERS 3

static void unbound_in_the_midst_of_it(void **state)
{
	struct bench *bench = *state;
	long before = pins();
	int i, round;

	for (round = 0; round < (on_sim(bench) ? 10 : 2); round++) {
		pthread_t thread[USERS];
		void *wrong;

		atomic_store(&stop_now, false);
		for (i = 0; i < USERS; i++)
			assert_int_equal(pthread_create(&thread[i], NULL, use_until_gone, bench),
					 0);
		usleep(20000 + 7000 * (unsigned int)round);
		bind_device(&bench->info, "unbind");
		usleep(20000);
		atomic_store(&stop_now, true);
		for (i = 0; i < USERS; i++) {
			assert_int_equal(pthread_join(thread[i], &wrong), 0);
			assert_int_equal((long)wrong, 0);
		}
		assert_int_equal(pins(), before);
		close(bench->fd);
		rebind(bench);
	}
}

/* A channel that can't be stopped, with a descriptor in flight: it is waited for. */
static void unstoppable_engine_is_waited_for(void **state)
{
	struct bench *bench = *state;
	struct job job = { .bench = bench, .arg = user_copy(dst, src, LEN) };
	pthread_t thread;

	skip_unless_sim(bench);
	close(bench->fd);
	bind_device(&bench->info, "unbind");
	sim_set("unstoppable", 1);
	rebind(bench);
	sim_fault("late", 1, 1, -1);
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	usleep(30000);
	bind_device(&bench->info, "unbind");
	pthread_join(thread, NULL);
	assert_true(job.err == ENODEV || job.err == 0);
	sim_fault_off();
	sim_set("unstoppable", 0);
	close(bench->fd);
	rebind(bench);
}

#define UNBIND(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNBIND(buffers_outlive_their_engine), UNBIND(session_ends_after_its_engine),
		UNBIND(every_mapper_loses_it),	      UNBIND(others_keep_theirs),
		UNBIND(unbound_in_the_midst_of_it),   UNBIND(unstoppable_engine_is_waited_for),
	};

	return cmocka_run_group_tests_name("withdrawn", tests, sides_make, NULL);
}

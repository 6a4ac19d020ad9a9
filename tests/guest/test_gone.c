/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A channel goes, in each way that there is, and isn't used after it was given back: most providers
 * free it then. The debug guest sees whoever does.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "gone.h"
#include "stuck.h"

static sigjmp_buf fault_jump;

static void on_fault(int sig)
{
	siglongjmp(fault_jump, sig);
}

/* The signal that looking at memory gives, 0: none. */
static int look(volatile char *memory)
{
	struct sigaction action = { .sa_handler = on_fault }, old;
	int sig;

	sigaction(SIGBUS, &action, &old);
	sig = sigsetjmp(fault_jump, 1);
	if (!sig)
		(void)*memory;
	sigaction(SIGBUS, &old, NULL);
	return sig;
}

typedef void way_fn(struct bench *bench, enum going going);

/* Each way to go, with nothing left pinned, and the engine as good as before when it is back. */
static void in_each_way(struct bench *bench, way_fn *fn)
{
	enum going going;

	for (going = 0; going < GOINGS; going++) {
		long before = pins();

		if (going != UNBOUND)
			skip_unless_sim(bench);
		play(bench, going, true);
		print_message("# %s\n", going_names[going]);
		fn(bench, going);
		bring_it_back(bench, going);
		play(bench, going, false);
		assert_int_equal(pins(), before);
		assert_int_equal(locked_kib(), 0);
	}
}

static void while_idle(struct bench *bench, enum going going)
{
	copies_right(bench, dst, src, LEN);
	make_it_go(bench, going);
	it_is_gone(bench);
}

/* A session that has nothing but the channel. */
static void idle_session_loses_it(void **state)
{
	in_each_way(*state, while_idle);
}

static void during(struct bench *bench, enum going going, uint32_t flags)
{
	struct job job = { .bench = bench, .arg = user_copy(dst, src, LEN) };
	pthread_t thread;

	job.arg.flags = flags;
	if (on_sim(bench))
		sim_set("latency_ns", 2000 * MS);
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	usleep(50000);
	make_it_go(bench, going);
	assert_true(ends_soon(thread, NULL));
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	assert_int_equal(job.err, ENODEV);
	it_is_gone(bench);
}

static void while_sleeping(struct bench *bench, enum going going)
{
	during(bench, going, 0);
}

static void while_polling(struct bench *bench, enum going going)
{
	during(bench, going, DMABENCH_COPY_POLL);
}

/* A copy that sleeps until its descriptors are done. */
static void sleeping_copy_loses_it(void **state)
{
	skip_if_instant(*state);
	in_each_way(*state, while_sleeping);
}

/* A copy that asks the channel all the time. */
static void polling_copy_loses_it(void **state)
{
	skip_if_instant(*state);
	in_each_way(*state, while_polling);
}

static void with_buffers(struct bench *bench, enum going going)
{
	struct end ends[4];
	char seen[LEN];
	uint32_t kind;

	for (kind = 0; kind < 4; kind++) {
		end_make(bench, &ends[kind], kind, LEN);
		end_fill(bench, &ends[kind], src);
	}
	make_it_go(bench, going);
	for (kind = DMABENCH_BUF_REGISTERED; kind <= DMABENCH_BUF_KERNEL; kind++) {
		struct dmabench_sync sync = { .handle = ends[kind].handle, .len = LEN };

		assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_SYNC, &sync),
				 kind == DMABENCH_BUF_COHERENT ? EINVAL : ENODEV);
	}
	assert_int_equal(look(ends[DMABENCH_BUF_COHERENT].memory), SIGBUS);
	it_is_gone(bench);
	end_look(bench, &ends[DMABENCH_BUF_REGISTERED], seen);
	assert_memory_equal(seen, src, LEN);
	end_look(bench, &ends[DMABENCH_BUF_KERNEL], seen);
	assert_memory_equal(seen, src, LEN);
	for (kind = 0; kind < 4; kind++)
		end_drop(bench, &ends[kind]);
}

/* Buffers of each kind, and a mapping of the coherent one, which shows nothing afterwards. */
static void buffers_lose_it(void **state)
{
	in_each_way(*state, with_buffers);
}

static void with_all_left(struct bench *bench, enum going going)
{
	struct end ends[4];
	uint32_t kind;

	for (kind = 0; kind < 4; kind++)
		end_make(bench, &ends[kind], kind, LEN);
	make_it_go(bench, going);
	close(bench->fd);
	assert_int_equal(munmap(ends[DMABENCH_BUF_COHERENT].memory, LEN), 0);
	pages_free(ends[DMABENCH_BUF_USER].memory, LEN);
	pages_free(ends[DMABENCH_BUF_REGISTERED].memory, LEN);
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_false(is_listed(bench));
}

/* The session ends with all that it has, after its channel. */
static void end_of_session_after_it(void **state)
{
	in_each_way(*state, with_all_left);
}

struct copier {
	const struct bench *bench;
	atomic_bool stop;
	int wrong;
};

static void *copy_on(void *param)
{
	struct copier *copier = param;

	while (!atomic_load(&copier->stop)) {
		struct dmabench_copy arg = user_copy(dst, src, LEN);
		int err;

		arg.flags = DMABENCH_COPY_POLL;
		err = copy(copier->bench, &arg);
		if (err && err != ENODEV)
			copier->wrong = err;
		if (err)
			break;
	}
	return NULL;
}

static void many_times(struct bench *bench, enum going going)
{
	int round, rounds = fast(bench) ? 20 : 2;

	for (round = 0; round < rounds; round++) {
		struct copier copier = { .bench = bench };
		pthread_t thread;

		if (round)
			bring_it_back(bench, going);
		assert_int_equal(pthread_create(&thread, NULL, copy_on, &copier), 0);
		usleep(1000 + 700 * round);
		make_it_go(bench, going);
		atomic_store(&copier.stop, true);
		assert_true(ends_soon(thread, NULL));
		assert_int_equal(copier.wrong, 0);
	}
	it_is_gone(bench);
}

/* At any moment of copies that poll: ENODEV, and nothing else. */
static void amid_polled_copies(void **state)
{
	in_each_way(*state, many_times);
}

static void other_copies(const struct bench *bench)
{
	struct bench other = *bench;

	other.info.index = 0;
	while (!request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &other.info) &&
	       strcmp(other.info.driver, bench->info.driver))
		other.info.index++;
	assert_string_equal(other.info.driver, bench->info.driver);
	assert_string_not_equal(other.info.name, bench->info.name);
	other.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(open_engine(other.fd, other.info.name, &other.engine), 0);
	copies_right(&other, dst, src, LEN);
	close(other.fd);
}

/* One channel goes, and the others of its device are as they were. */
static void its_siblings_stay(void **state)
{
	struct bench *bench = *state;

	skip_unless_sim(bench);
	make_it_go(bench, RETIRED);
	it_is_gone(bench);
	other_copies(bench);
	bring_it_back(bench, RETIRED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GONE(idle_session_loses_it),   GONE(sleeping_copy_loses_it),
		GONE(polling_copy_loses_it),   GONE(buffers_lose_it),
		GONE(end_of_session_after_it), GONE(amid_polled_copies),
		GONE(its_siblings_stay),
	};

	return cmocka_run_group_tests_name("gone", tests, NULL, NULL);
}

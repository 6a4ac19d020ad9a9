/* SPDX-License-Identifier: GPL-2.0-only */
/* A batch that isn't left in peace: its list changes, its time is over, a signal comes. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

#include "batch.h"

#define MS 1000000UL

struct flipper {
	struct dmabench_segment *segment;
	atomic_bool stop;
};

static void *flip(void *param)
{
	struct flipper *flipper = param;
	volatile __u64 *where = &flipper->segment->dst;

	while (!atomic_load(&flipper->stop)) {
		*where = 2 * PAGE;
		*where = SPAN; /* beyond the end */
		*where = 0;    /* on top of the other */
	}
	return NULL;
}

/* Whatever was read, it was checked: no byte lands where no right list would put it. */
static void a_list_that_changes_meanwhile(void **state)
{
	struct dmabench_segment list[] = { { 0, 0, PAGE }, { PAGE, 2 * PAGE, PAGE } };
	struct flipper flipper = { .segment = &list[1] };
	const struct bench *bench = *state;
	int i, good = 0, bad = 0;
	pthread_t thread;

	skip_unless_sim(bench);
	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_REGISTERED);
	assert_int_equal(pthread_create(&thread, NULL, flip, &flipper), 0);
	for (i = 0; i < 20000 && (i < 500 || !good || !bad); i++) {
		struct dmabench_batch arg = batch_of(bench, list, 2);
		int err = batch(bench, &arg);

		assert_true(!err || err == EINVAL);
		good += !err;
		bad += !!err;
	}
	atomic_store(&flipper.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(good && bad);
	assert_memory_equal(dst.memory, source, PAGE);
	assert_memory_equal(dst.memory + PAGE, poison + PAGE, PAGE);
	assert_memory_equal(dst.memory + 2 * PAGE, source + PAGE, PAGE);
	assert_memory_equal(dst.memory + 3 * PAGE, poison + 3 * PAGE, SPAN - 3 * PAGE);
	drop_ends(bench);
}

static void timeout_leaves_a_quiet_engine(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_batch arg;

	skip_unless_sim(bench);
	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_KERNEL);
	sim_set("latency_ns", 5000 * MS);
	arg = batch_of(bench, mixed, MIXED);
	arg.timeout_ms = 50;
	assert_int_equal(batch(bench, &arg), ETIMEDOUT);
	sim_set("latency_ns", 0);
	check_moved(bench, mixed, MIXED, 0, 0);
	drop_ends(bench);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void signal_ends_a_batch(void **state)
{
	/* Again and again: the first may come before the batch waits. */
	struct itimerval soon = { .it_value.tv_usec = 50000, .it_interval.tv_usec = 50000 };
	struct itimerval none = { .it_value.tv_usec = 0 };
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	const struct bench *bench = *state;
	struct dmabench_batch arg;

	skip_unless_sim(bench);
	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_REGISTERED);
	sim_set("latency_ns", 100 * MS);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	arg = batch_of(bench, mixed, MIXED);
	arg.depth = 1;
	assert_int_equal(batch(bench, &arg), EINTR);
	assert_int_equal(setitimer(ITIMER_REAL, &none, NULL), 0);
	sim_set("latency_ns", 0);
	check_moved(bench, mixed, MIXED, 0, 0);
	drop_ends(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_that_changes_meanwhile),
		cmocka_unit_test(timeout_leaves_a_quiet_engine),
		cmocka_unit_test(signal_ends_a_batch),
	};

	return cmocka_run_group_tests_name("batch end", tests, batch_setup, bench_teardown);
}

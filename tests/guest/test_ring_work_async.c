/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A thread whose own io_uring has work for it all the time, none of it about this driver: its
 * copies end all the same, by the engine's time. Whoever doesn't end is killed.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "uring.h"

#define LEN (8 * PAGE)
#define MS 1000000UL

static char *src, *dst;

/* Makes an event each millisecond, and takes away what comes of it. */
struct poker {
	int fd;
	atomic_bool stop;
};

static void *poke(void *param)
{
	struct poker *poker = param;
	struct io_uring_cqe *cqe;

	while (!atomic_load(&poker->stop)) {
		eventfd_write(poker->fd, 1);
		usleep(1000);
		while (!io_uring_peek_cqe(&ring, &cqe))
			io_uring_cqe_seen(&ring, cqe);
	}
	return NULL;
}

static int do_copy(const struct bench *bench, uint32_t flags)
{
	struct dmabench_copy arg = user_copy(dst, src, LEN);

	arg.flags = flags;
	return copy(bench, &arg);
}

static int do_batch(const struct bench *bench)
{
	struct dmabench_segment list[LEN / PAGE];
	struct dmabench_buffer buffer[2];
	struct dmabench_batch arg = { .span = LEN, .segments = LEN / PAGE };
	size_t i;

	if (create(bench, DMABENCH_BUF_REGISTERED, src, LEN, &buffer[0]) ||
	    create(bench, DMABENCH_BUF_REGISTERED, dst, LEN, &buffer[1]))
		return -1;
	for (i = 0; i < LEN / PAGE; i++)
		list[i] = (struct dmabench_segment){ i * PAGE, i * PAGE, PAGE };
	arg.engine = bench->engine;
	arg.segments_ptr = (uintptr_t)list;
	arg.src = (struct dmabench_side){ .kind = DMABENCH_BUF_REGISTERED,
					  .handle = buffer[0].handle };
	arg.dst = (struct dmabench_side){ .kind = DMABENCH_BUF_REGISTERED,
					  .handle = buffer[1].handle };
	return request(bench->fd, DMABENCH_IOC_BATCH, &arg);
}

enum way { SLEEPING, POLLING, BATCHED, WAYS };

/* In a child: 0 when the copy was right. */
static int in_child(const struct bench *bench, enum way way, unsigned int ring_flags)
{
	struct poker poker = { .fd = eventfd(0, 0) };
	struct io_uring_sqe *sqe;
	pthread_t thread;
	int err;

	if (io_uring_queue_init(RING, &ring, ring_flags))
		return 2;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_poll_multishot(sqe, poker.fd, POLLIN);
	if (io_uring_submit(&ring) != 1 || pthread_create(&thread, NULL, poke, &poker))
		return 3;
	err = way == BATCHED ? do_batch(bench)
			     : do_copy(bench, way == POLLING ? DMABENCH_COPY_POLL : 0);
	atomic_store(&poker.stop, true);
	pthread_join(thread, NULL);
	return err ? 4 : memcmp(dst, src, LEN) ? 5 : 0;
}

/* Seconds; a copy takes a few hundredths. */
#define MOST 20

static int child_ends(pid_t pid)
{
	int status, tries;

	for (tries = 0; tries < MOST * 50; tries++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		usleep(20000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -2;
}

static void with_work(void **state, unsigned int ring_flags)
{
	struct bench *bench = *state;
	enum way way;

	if (on_sim(bench))
		sim_set("latency_ns", 3 * MS);
	src = pages(LEN);
	dst = pages(LEN);
	pattern(src, LEN, 31);
	for (way = 0; way < WAYS; way++) {
		pid_t pid;

		memset(dst, 0, LEN);
		close(bench->fd);
		pid = fork();
		if (!pid) {
			bench_open(bench);
			_exit(in_child(bench, way, ring_flags));
		}
		assert_int_equal(child_ends(pid), 0);
		bench_open(bench);
	}
	pages_free(src, LEN);
	pages_free(dst, LEN);
}

static void copies_end_with_work(void **state)
{
	with_work(state, 0);
}

static void copies_end_with_work_that_interrupts_nobody(void **state)
{
	with_work(state, IORING_SETUP_COOP_TASKRUN);
}

/* Such work doesn't make them deaf to signals. */
static void killed_with_work(void **state)
{
	struct bench *bench = *state;
	long before = pins();
	int status;
	pid_t pid;

	if (on_sim(bench))
		sim_set("latency_ns", 2000 * MS);
	else
		skip();
	src = pages(LEN);
	dst = pages(LEN);
	pid = fork();
	if (!pid)
		_exit(in_child(bench, SLEEPING, 0));
	usleep(300000);
	kill(pid, SIGKILL);
	for (status = 0; status < 500 && waitpid(pid, NULL, WNOHANG) != pid; status++)
		usleep(20000);
	/* Ten seconds are less than the copy's 16. */
	assert_true(status < 500);
	sim_set("latency_ns", 0);
	assert_int_equal(pins(), before);
	pages_free(src, LEN);
	pages_free(dst, LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(copies_end_with_work),
		RING_TEST(copies_end_with_work_that_interrupts_nobody),
		RING_TEST(killed_with_work),
	};

	return cmocka_run_group_tests_name("ring work", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies by IORING_OP_URING_CMD, for the tests of them: one ring a test. */
#ifndef URING_H
#define URING_H

#include <liburing.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

#define RING 512

static struct io_uring ring;

static inline int ring_setup(void **state)
{
	if (io_uring_queue_init(RING, &ring, 0))
		return -1;
	return bench_setup(state);
}

static inline int ring_teardown(void **state)
{
	const struct bench *bench = *state;

	io_uring_queue_exit(&ring);
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	return bench_teardown(state);
}

#define RING_TEST(name) cmocka_unit_test_setup_teardown(name, ring_setup, ring_teardown)

static inline struct io_uring_sqe *put(struct io_uring *to, int fd, uint32_t op, uint64_t ptr,
				       uint64_t reserved)
{
	struct dmabench_uring payload = { .copy_ptr = ptr, .reserved = reserved };
	struct io_uring_sqe *sqe = io_uring_get_sqe(to);

	if (!sqe)
		abort();
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->cmd_op = op;
	memcpy(sqe->cmd, &payload, sizeof(payload));
	return sqe;
}

static inline struct io_uring_sqe *put_copy(const struct bench *bench, struct dmabench_copy *arg)
{
	arg->engine = bench->engine;
	return put(&ring, bench->fd, DMABENCH_URING_COPY, (uintptr_t)arg, 0);
}

static inline void submit(int count)
{
	assert_int_equal(io_uring_submit(&ring), count);
}

/* The next completion's res, as an errno. */
static inline int completion(void)
{
	struct io_uring_cqe *cqe;
	int res;

	assert_int_equal(io_uring_wait_cqe(&ring, &cqe), 0);
	res = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return -res;
}

/* Submit it and see how it ends. */
static inline int async_copy(const struct bench *bench, struct dmabench_copy *arg)
{
	put_copy(bench, arg);
	submit(1);
	return completion();
}

#endif /* URING_H */

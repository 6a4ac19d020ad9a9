/* SPDX-License-Identifier: GPL-2.0-only */
/* A request is read once; its answer is whole; one that fails changes nothing. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "stuck.h"

#define LEN (2 * PAGE)

#include "sides.h"

/* A request made by another thread. */
struct call {
	int fd;
	unsigned long cmd;
	void *arg;
	int err;
};

static void *do_call(void *param)
{
	struct call *call = param;

	call->err = request(call->fd, call->cmd, call->arg);
	return NULL;
}

/*
 * Make a request whose first part has been read when the reader gets stuck at its rest,
 * change the first part there, and let the reader go on: a second reading sees the change.
 */
struct changed {
	struct stuck rest;
	struct call call;
	pthread_t thread;
	char *memory;
	size_t size;
	size_t first;
};

static void *changed_start(struct changed *changed, int fd, unsigned long cmd, const void *arg,
			   size_t size, size_t first)
{
	changed->memory = pages(2 * PAGE);
	changed->size = size;
	changed->first = first;
	changed->call = (struct call){ .fd = fd, .cmd = cmd };
	changed->call.arg = changed->memory + PAGE - first;
	memcpy(changed->call.arg, arg, first);
	stuck_make(&changed->rest, changed->memory + PAGE, PAGE);
	assert_int_equal(pthread_create(&changed->thread, NULL, do_call, &changed->call), 0);
	assert_true(stuck_is_touched(&changed->rest));
	return changed->call.arg;
}

/* The rest of each request is zero on input. */
static int changed_go_on(struct changed *changed, void *answer)
{
	static const char zeroes[PAGE];

	stuck_fill(&changed->rest, zeroes);
	assert_true(ends_soon(changed->thread, NULL));
	memcpy(answer, changed->call.arg, changed->size);
	stuck_drop(&changed->rest);
	pages_free(changed->memory, 2 * PAGE);
	return changed->call.err;
}

static void copy_is_read_once(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, PAGE), *seen;
	struct changed changed;

	memset(dst, 0, LEN);
	arg.engine = bench->engine;
	seen = changed_start(&changed, bench->fd, DMABENCH_IOC_COPY, &arg, sizeof(arg), 128);
	seen->len = 2 * PAGE;
	seen->flags = 0x80000000;
	seen->engine = 77;
	assert_int_equal(changed_go_on(&changed, &arg), 0);
	assert_int_equal(arg.copied, PAGE);
	assert_int_equal(arg.len, PAGE);
	assert_memory_equal(dst, src, PAGE);
	assert_int_equal(dst[PAGE], 0);
}

static void buffer_create_is_read_once(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer arg = { .engine = bench->engine,
				       .kind = DMABENCH_BUF_KERNEL,
				       .flags = BOTH,
				       .node = -1,
				       .size = PAGE };
	struct dmabench_buffer *seen;
	struct changed changed;
	char to[LEN];

	seen = changed_start(&changed, bench->fd, DMABENCH_IOC_BUFFER_CREATE, &arg, sizeof(arg),
			     64);
	seen->kind = DMABENCH_BUF_COHERENT;
	seen->flags = 0x80000000;
	seen->size = 1 << 20;
	assert_int_equal(changed_go_on(&changed, &arg), 0);
	assert_int_equal(arg.size, PAGE);
	assert_int_equal(pread(bench->fd, to, LEN, (off_t)arg.mmap_offset), PAGE);
	assert_int_equal(destroy(bench->fd, arg.handle), 0);
}

static void engine_open_is_read_once(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_open arg = { .flags = 0 }, *seen;
	int fd = open(DMABENCH_DEVICE, O_RDWR);
	struct changed changed;

	snprintf(arg.name, sizeof(arg.name), "%s", bench->info.name);
	seen = changed_start(&changed, fd, DMABENCH_IOC_ENGINE_OPEN, &arg, sizeof(arg), 40);
	memset(seen->name, 'x', sizeof(seen->name));
	seen->flags = 1;
	assert_int_equal(changed_go_on(&changed, &arg), 0);
	assert_string_equal(arg.name, bench->info.name);
	close(fd);
}

static void engine_info_is_read_once(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_info arg = { .index = 0 }, *seen;
	struct changed changed;

	seen = changed_start(&changed, bench->fd, DMABENCH_IOC_ENGINE_INFO, &arg, sizeof(arg), 48);
	seen->index = 1000;
	seen->reserved0 = 1;
	assert_int_equal(changed_go_on(&changed, &arg), 0);
	assert_int_equal(arg.index, 0);
}

/* Also what changes later, while the source is pinned, has no effect. */
static void copy_changed_while_it_is_pinned(void **state)
{
	const struct bench *bench = *state;
	char *slow = pages(PAGE);
	struct dmabench_copy arg = user_copy(dst, slow, PAGE);
	struct call call = { .fd = bench->fd, .cmd = DMABENCH_IOC_COPY, .arg = &arg };
	struct stuck stuck;
	pthread_t thread;

	memset(dst, 0, LEN);
	arg.engine = bench->engine;
	stuck_make(&stuck, slow, PAGE);
	assert_int_equal(pthread_create(&thread, NULL, do_call, &call), 0);
	assert_true(stuck_is_touched(&stuck));
	arg.dst.addr = (uintptr_t)dst + PAGE;
	arg.len = 1;
	arg.engine = 77;
	stuck_fill(&stuck, src);
	assert_true(ends_soon(thread, NULL));
	assert_int_equal(call.err, 0);
	assert_memory_equal(dst, src, PAGE);
	assert_int_equal(dst[PAGE], 0);
	stuck_drop(&stuck);
	pages_free(slow, PAGE);
}

/* Whatever was in an answer's place before, the same bytes are there afterwards. */
static void answers_about_engines_are_whole(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_info a, b;
	struct dmabench_info x, y;
	size_t i;

	memset(&x, 0, sizeof(x));
	memset(&y, 0xff, sizeof(y));
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &x), 0);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &y), 0);
	assert_memory_equal(&x, &y, sizeof(x));
	memset(&a, 0, sizeof(a));
	memset(&b, 0xff, sizeof(b));
	b.index = 0;
	b.reserved0 = 0;
	b.reserved1 = 0;
	memset(b.reserved, 0, sizeof(b.reserved));
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &a), 0);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	for (i = strlen(a.name); i < sizeof(a.name); i++)
		assert_int_equal(a.name[i], 0);
	for (i = strlen(a.driver); i < sizeof(a.driver); i++)
		assert_int_equal(a.driver[i], 0);
	for (i = strlen(a.device); i < sizeof(a.device); i++)
		assert_int_equal(a.device[i], 0);
	assert_int_equal(a.reserved0 | a.reserved1, 0);
	for (i = 0; i < sizeof(a.reserved) / sizeof(a.reserved[0]); i++)
		assert_int_equal(a.reserved[i], 0);
}

/* Nothing of what the caller had in the out fields is left after a good request. */
static void every_out_field_is_written(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer = { .engine = bench->engine,
					  .kind = DMABENCH_BUF_COHERENT,
					  .flags = BOTH,
					  .node = -1,
					  .size = PAGE };
	struct dmabench_copy arg = user_copy(dst, src, PAGE);
	const __u64 *field;

	buffer.handle = UINT32_MAX;
	buffer.sg_pinned = UINT32_MAX;
	buffer.sg_mapped = UINT32_MAX;
	memset(&buffer.mmap_offset, 0xff, 3 * sizeof(uint64_t));
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), 0);
	assert_true(buffer.handle <= 4095 && buffer.sg_pinned == 1 && buffer.sg_mapped == 1);
	assert_int_equal(buffer.mmap_offset, (uint64_t)buffer.handle << 32);
	assert_int_not_equal(buffer.pin_ns, UINT64_MAX);
	assert_int_equal(buffer.map_ns, 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);

	arg.latency_written = 0xa5a5a5a5;
	memset(&arg.total_ns, 0xa5,
	       offsetof(struct dmabench_copy, reserved) - offsetof(struct dmabench_copy, total_ns));
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(arg.latency_written, 0);
	assert_true(arg.total_ns < 60 * 1000000000ULL);
	for (field = &arg.pin_ns; field <= &arg.unpin_ns; field++)
		assert_true(*field <= arg.total_ns);
	assert_int_equal(arg.copied, PAGE);
	assert_int_equal(arg.chunks, 1);
	assert_true(arg.descriptors >= 1 && arg.descriptors <= 3);
	for (field = &arg.sg_src_pinned; field < arg.reserved; field++)
		assert_true(*field >= 1 && *field <= 2);
	for (field = arg.reserved; field < arg.reserved + 4; field++)
		assert_int_equal(*field, 0);
}

static void failed_request_writes_no_answer(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, NULL, PAGE), before;
	struct dmabench_buffer buffer, as_was;

	memset(&arg.total_ns, 0xa5, 14 * sizeof(uint64_t));
	arg.engine = bench->engine;
	before = arg;
	assert_int_equal(copy(bench, &arg), EFAULT);
	assert_memory_equal(&arg, &before, sizeof(arg));

	memset(&buffer, 0, sizeof(buffer));
	buffer.engine = bench->engine;
	buffer.kind = DMABENCH_BUF_REGISTERED;
	buffer.flags = BOTH;
	buffer.node = -1;
	buffer.addr = PAGE;
	buffer.size = PAGE;
	memset(&buffer.mmap_offset, 0xa5, 3 * sizeof(uint64_t));
	as_was = buffer;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EFAULT);
	assert_memory_equal(&buffer, &as_was, sizeof(buffer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copy_is_read_once),
		cmocka_unit_test(buffer_create_is_read_once),
		cmocka_unit_test(engine_open_is_read_once),
		cmocka_unit_test(engine_info_is_read_once),
		cmocka_unit_test(copy_changed_while_it_is_pinned),
		cmocka_unit_test(answers_about_engines_are_whole),
		cmocka_unit_test(every_out_field_is_written),
		cmocka_unit_test(failed_request_writes_no_answer),
	};

	return cmocka_run_group_tests_name("request", tests, sides_setup, bench_teardown);
}

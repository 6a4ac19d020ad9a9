/* SPDX-License-Identifier: GPL-2.0-only */
/* BUFFER_SYNC: the bytes stay as they are, whatever lies between the CPU's view and the engine's. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "guest.h"

#define SPAN (16 * PAGE)
#define FAR (300 * PAGE) /* longer than bounce buffers and their slots */

static char source[SPAN], seen[SPAN];

static int sync_buffer(const struct bench *bench, struct dmabench_sync *arg)
{
	return request(bench->fd, DMABENCH_IOC_BUFFER_SYNC, arg);
}

/* Of what the request asks nothing is written to, and what it doesn't fill is 0. */
static void syncs(const struct bench *bench, uint32_t handle, uint64_t offset, uint64_t len)
{
	struct dmabench_sync arg = { .handle = handle, .offset = offset, .len = len };

	arg.device_ns = arg.cpu_ns = UINT64_MAX;
	arg.needed = UINT32_MAX;
	assert_int_equal(sync_buffer(bench, &arg), 0);
	assert_int_equal(arg.handle, handle);
	assert_int_equal(arg.offset, offset);
	assert_int_equal(arg.len, len);
	assert_true(arg.device_ns < UINT64_MAX && arg.cpu_ns < UINT64_MAX);
	assert_true(arg.needed <= 1);
	assert_int_equal(arg.flags | arg.reserved0, 0);
	assert_int_equal(arg.reserved[0] | arg.reserved[1], 0);
}

static const uint32_t kinds[] = { DMABENCH_BUF_REGISTERED, DMABENCH_BUF_KERNEL };

static void each_kind(const struct bench *bench,
		      void (*look)(const struct bench *bench, struct end *end))
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct end end;

		end_make(bench, &end, kinds[i], SPAN);
		look(bench, &end);
		end_drop(bench, &end);
	}
	assert_int_equal(locked_kib(), 0);
}

static void in_parts(const struct bench *bench, struct end *end)
{
	static const struct {
		uint64_t offset, len;
	} part[] = {
		{ 0, SPAN },	       { 0, 1 },	{ SPAN - 1, 1 },
		{ 1, SPAN - 2 },       { PAGE - 1, 2 }, { 3 * PAGE + 5, 2 * PAGE },
		{ SPAN - PAGE, PAGE }, { 7, 64 },
	};
	size_t i;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		pattern(source, SPAN, (unsigned int)i + 1);
		end_fill(bench, end, source);
		syncs(bench, end->handle, part[i].offset, part[i].len);
		end_look(bench, end, seen);
		assert_memory_equal(seen, source, SPAN);
	}
}

static void bytes_stay(void **state)
{
	each_kind(*state, in_parts);
}

/* What the CPU wrote last is what the engine copies, and what the engine wrote is what is seen. */
static void between_copies(const struct bench *bench, struct end *end)
{
	struct dmabench_copy arg = { .len = fit(bench, 600) };
	struct end other;
	unsigned int round;

	end_make(bench, &other, end->kind, SPAN);
	for (round = 0; round < 3; round++) {
		pattern(source, SPAN, 20 + round);
		end_fill(bench, end, source);
		syncs(bench, end->handle, 0, SPAN);
		syncs(bench, other.handle, 0, SPAN);
		arg.src = end_side(end, 0);
		arg.dst = end_side(&other, round * PAGE);
		assert_int_equal(copy(bench, &arg), 0);
		syncs(bench, other.handle, 0, SPAN);
		end_look(bench, &other, seen);
		assert_memory_equal(seen + round * PAGE, source, arg.len);
	}
	end_drop(bench, &other);
}

static void copies_are_as_without(void **state)
{
	each_kind(*state, between_copies);
}

/* One way only: the engine reads it, and nothing is written to the pages. */
static void of_one_direction(void **state)
{
	const struct bench *bench = *state;
	uint32_t flags[] = { DMABENCH_BUF_SOURCE, DMABENCH_BUF_DEST };
	char *memory = pages(SPAN);
	size_t i;

	for (i = 0; i < 2; i++) {
		struct dmabench_buffer buffer = { .engine = bench->engine,
						  .kind = DMABENCH_BUF_REGISTERED,
						  .flags = flags[i],
						  .node = -1,
						  .addr = (uintptr_t)memory,
						  .size = SPAN };

		pattern(memory, SPAN, 5);
		pattern(source, SPAN, 5);
		assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), 0);
		syncs(bench, buffer.handle, 1, SPAN - 1);
		assert_memory_equal(memory, source, SPAN);
		assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	}
	pages_free(memory, SPAN);
}

static void a_long_one(void **state)
{
	const struct bench *bench = *state;
	char *memory = pages(FAR), *as_it_was = pages(FAR);
	struct dmabench_buffer buffer;
	int err;

	pattern(memory, FAR, 6);
	pattern(as_it_was, FAR, 6);
	err = create(bench, DMABENCH_BUF_REGISTERED, memory, FAR, &buffer);
	/* All of it by bounce buffers may be more than there are. */
	if (err) {
		assert_int_equal(err, ENOMEM);
		skip();
	}
	syncs(bench, buffer.handle, 0, FAR);
	syncs(bench, buffer.handle, 5, FAR - PAGE);
	assert_memory_equal(memory, as_it_was, FAR);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	pages_free(memory, FAR);
	pages_free(as_it_was, FAR);
}

static void refused(const struct bench *bench, struct dmabench_sync arg)
{
	struct dmabench_sync as_it_was = arg;

	assert_int_equal(sync_buffer(bench, &arg), EINVAL);
	assert_memory_equal(&arg, &as_it_was, sizeof(arg));
}

static void what_cannot_be_synced_is_einval(void **state)
{
	const struct bench *bench = *state;
	struct end end, coherent;
	struct dmabench_sync good;

	end_make(bench, &end, DMABENCH_BUF_KERNEL, SPAN);
	end_make(bench, &coherent, DMABENCH_BUF_COHERENT, SPAN);
	good = (struct dmabench_sync){ .handle = end.handle, .len = SPAN };
#define WITH(field, value)                       \
	do {                                     \
		struct dmabench_sync bad = good; \
		bad.field = value;               \
		refused(bench, bad);             \
	} while (0)
	WITH(handle, 0);
	WITH(handle, 4096);
	WITH(handle, UINT32_MAX);
	WITH(handle, bench->engine);
	WITH(handle, coherent.handle);
	WITH(flags, 1);
	WITH(flags, 1U << 31);
	WITH(reserved0, 1);
	WITH(reserved[0], 1);
	WITH(reserved[1], 1ULL << 63);
	WITH(len, 0);
	WITH(len, SPAN + 1);
	WITH(len, UINT64_MAX);
	WITH(offset, 1);
	WITH(offset, SPAN);
	WITH(offset, UINT64_MAX);
#undef WITH
	syncs(bench, end.handle, 0, SPAN);
	end_drop(bench, &coherent);
	end_drop(bench, &end);
	refused(bench, good);
}

/* The answer can't be written: the buffer is as it was. */
static void unwritable_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_sync *arg = (struct dmabench_sync *)pages(PAGE);
	struct end end;

	pattern(source, SPAN, 9);
	end_make(bench, &end, DMABENCH_BUF_REGISTERED, SPAN);
	end_fill(bench, &end, source);
	*arg = (struct dmabench_sync){ .handle = end.handle, .len = SPAN };
	assert_int_equal(mprotect(arg, PAGE, PROT_READ), 0);
	assert_int_equal(sync_buffer(bench, arg), EFAULT);
	end_look(bench, &end, seen);
	assert_memory_equal(seen, source, SPAN);
	end_drop(bench, &end);
	pages_free((char *)arg, PAGE);
}

struct syncer {
	const struct bench *bench;
	struct end *end;
	bool stop, wrong;
};

static void *sync_on(void *param)
{
	struct syncer *s = param;
	struct dmabench_sync arg = { .handle = s->end->handle, .len = PAGE };

	while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED))
		s->wrong |= sync_buffer(s->bench, &arg) != 0;
	return NULL;
}

/* Of another thread's, all the time: each copy brings what it should. */
static void beside_copies(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = { .len = fit(bench, 256) };
	struct end from, to;
	struct syncer syncer = { .bench = bench, .end = &to };
	pthread_t thread;
	unsigned int round;

	end_make(bench, &from, DMABENCH_BUF_REGISTERED, SPAN);
	end_make(bench, &to, DMABENCH_BUF_KERNEL, SPAN);
	assert_int_equal(pthread_create(&thread, NULL, sync_on, &syncer), 0);
	for (round = 0; round < 40; round++) {
		pattern(source, SPAN, 40 + round);
		end_fill(bench, &from, source);
		arg.src = end_side(&from, 0);
		arg.dst = end_side(&to, 0);
		assert_int_equal(copy(bench, &arg), 0);
		end_look(bench, &to, seen);
		assert_memory_equal(seen, source, arg.len);
	}
	__atomic_store_n(&syncer.stop, true, __ATOMIC_RELAXED);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_false(syncer.wrong);
	end_drop(bench, &from);
	end_drop(bench, &to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_stay),
		cmocka_unit_test(copies_are_as_without),
		cmocka_unit_test(of_one_direction),
		cmocka_unit_test(a_long_one),
		cmocka_unit_test(what_cannot_be_synced_is_einval),
		cmocka_unit_test(unwritable_is_efault),
		cmocka_unit_test(beside_copies),
	};

	return cmocka_run_group_tests_name("sync", tests, bench_setup, bench_teardown);
}

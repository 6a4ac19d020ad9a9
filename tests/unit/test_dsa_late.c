// SPDX-License-Identifier: GPL-2.0-only
/*
 * A DSA device that does its work too late: what it may still write to is there until the process
 * ends, and its queue gets nothing more. The test is the device, so it knows when.
 */
#include "dsa_stand_in.h"

#include "machine/nodes.h"
#include "measure/arena.h"
#include "paths/path.h"

#define SIZE 65536

#if defined(__x86_64__)

struct run {
	const struct copy_path *path;
	struct copy_ctx ctx;
	struct arena arena;
	uint8_t *src, *dst;
};

static void begin(struct run *r, const char *name)
{
	char why[160];

	memset(r, 0, sizeof(*r));
	r->path = path_find(name);
	r->ctx.params = (struct case_params){ .size = SIZE, .depth = 4, .batch = 16 };
	r->ctx.params.src_node = r->ctx.params.dst_node = node_memory_near(node_here());
	assert_int_equal(arena_create(&r->arena, r->path, &r->ctx, 1, why, sizeof(why)), 0);
	r->src = r->ctx.src;
	r->dst = r->ctx.dst;
	assert_int_equal(arena_poison(&r->arena), 0);
	assert_int_equal(r->path->setup(&r->ctx), 0);
	assert_int_equal(r->path->submit(&r->ctx), 0);
}

static void end(struct run *r)
{
	r->path->teardown(&r->ctx);
	arena_destroy(&r->arena);
	unsetenv(DSA_PATIENCE_VARIABLE);
}

static bool mapped(const void *at)
{
	unsigned char in_core;
	uintptr_t page = (uintptr_t)at & ~(uintptr_t)4095;

	return !mincore((void *)page, 1, &in_core);
}

static const char *const paths[] = { "dsa", "dsa-async", "dsa-batch" };

/* Begin an operation whose device doesn't answer in time. */
static void begin_late(struct run *r, const char *name)
{
	setenv(DSA_PATIENCE_VARIABLE, "20", 1);
	begin(r, name);
	assert_int_equal(r->path->wait(&r->ctx), -ETIMEDOUT);
}

static void memory_of_a_late_device_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct run r;

		begin_late(&r, paths[i]);
		assert_true(r.ctx.unfinished);
		assert_non_null(strstr(r.ctx.reason, "no completion record"));
		end(&r);
		/* Buffers, descriptors, lists and records: each of them is used here. */
		assert_true(be_the_device() > 0);
		assert_int_equal(memcmp(r.src, r.dst, SIZE), 0);
	}
}

static void a_queue_that_didnt_answer_gets_nothing_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct run r;

		begin_late(&r, paths[i]);
		be_the_device();
		assert_int_equal(r.path->submit(&r.ctx), -EIO);
		assert_int_equal(be_the_device(), 0);
		end(&r);
	}
}

/* The other way round: else the first of these tests couldn't fail. */
static void memory_of_a_device_that_is_done_is_given_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct run r;

		begin(&r, i ? "dsa-batch" : "dsa");
		assert_true(be_the_device() > 0);
		assert_int_equal(r.path->wait(&r.ctx), 0);
		assert_int_equal(memcmp(r.src, r.dst, SIZE), 0);
		assert_false(r.ctx.unfinished);
		assert_true(mapped(r.dst));
		end(&r);
		assert_false(mapped(r.dst));
		assert_false(mapped(r.src));
	}
}

#define WITH_QUEUE(test) cmocka_unit_test_setup_teardown(test, make_queue, drop_queue)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_QUEUE(memory_of_a_late_device_is_kept),
		WITH_QUEUE(a_queue_that_didnt_answer_gets_nothing_more),
		WITH_QUEUE(memory_of_a_device_that_is_done_is_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return run_without_dsa();
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The simulator does wrong what an engine can do wrong, on request. Whatever it is,
 * by interrupt or polled, with any kind of memory: the copy ends within its bounds
 * and with the right errno, nothing around the destination changes, nothing stays
 * pinned or charged, and the next copy is right. What can't be stopped is tried in
 * alone_poison.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

static int copy_ends(const struct bench *bench, const struct end *src, const struct end *dst,
		     uint32_t flags, uint32_t timeout_ms)
{
	struct dmabench_copy arg = {
		.src = end_side(src, FROM),
		.dst = end_side(dst, TO),
		.len = LEN,
		.chunk = CHUNK,
		.flags = flags,
		.timeout_ms = timeout_ms,
	};

	return copy(bench, &arg);
}

static void every_fault_is_survived(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	uint32_t kind;

	skip_unless_sim(bench);
	sim_set("fault_ns", 1000 * MS);
	for (kind = 0; kind < KINDS; kind++)
		survives_with(bench, copy_ends, kind, faults, FAULTS);
	assert_int_equal(pins(), before);
}

/* Late, but within the time that the caller gave. */
static void late_is_late_but_right(void **state)
{
	const struct bench *bench = *state;
	struct end src, dst;
	uint32_t flags;

	skip_unless_sim(bench);
	end_make(bench, &src, DMABENCH_BUF_USER, SPAN);
	end_make(bench, &dst, DMABENCH_BUF_USER, SPAN);
	end_fill(bench, &src, source);
	for (flags = 0; flags <= DMABENCH_COPY_POLL; flags++) {
		uint64_t start = now();

		end_fill(bench, &dst, poison);
		sim_fault("late", 2, 1, -1);
		assert_int_equal(copy_ends(bench, &src, &dst, flags, 0), 0);
		assert_true(now() - start >= 100 * MS);
		only_the_destination_changed(bench, &dst, 0);
	}
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

/*
 * One that fails and is reported as done, as by providers that say no errors: no way to tell it from
 * a good one. It spoils the bytes of its copy and nothing else; the harness verifies them.
 */
static void unsaid_failure_spoils_its_own_bytes(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(SPAN), *dst = pages(SPAN);
	uint32_t flags;

	skip_unless_sim(bench);
	pattern(src, SPAN, 7);
	for (flags = 0; flags <= DMABENCH_COPY_POLL; flags++) {
		struct dmabench_copy arg = user_copy(dst + PAGE, src + PAGE, PAGE);

		arg.flags = flags;
		memset(dst, 0, SPAN);
		sim_fault("mute", 1, 1, -1);
		assert_int_equal(copy(bench, &arg), 0);
		sim_fault_off();
		assert_memory_equal(dst + PAGE, src + PAGE, PAGE / 2);
		memset(dst + PAGE, 0, PAGE / 2);
		assert_int_equal(dst[0], 0);
		assert_memory_equal(dst, dst + 1, SPAN - 1);
		copies_right(bench, dst, src, SPAN);
	}
	pages_free(src, SPAN);
	pages_free(dst, SPAN);
}

/* The memory of a copy that was given up is the caller's alone: no late byte arrives. */
static void nothing_is_written_after_the_end(void **state)
{
	uint32_t kind;

	skip_unless_sim(*state);
	for (kind = 0; kind < KINDS; kind++)
		writes_nothing_after_the_end(*state, copy_ends, kind);
}

static void open_other(const struct bench *bench, unsigned int nth, struct bench *other)
{
	uint32_t index;

	other->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	for (index = 0;; index++) {
		memset(&other->info, 0, sizeof(other->info));
		other->info.index = index;
		assert_int_equal(request(other->fd, DMABENCH_IOC_ENGINE_INFO, &other->info), 0);
		if (!strcmp(other->info.device, bench->info.device) && !nth--)
			break;
	}
	assert_int_equal(open_engine(other->fd, other->info.name, &other->engine), 0);
}

/* What hangs on one channel is no matter of the other. */
static void other_channel_goes_on(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(SPAN), *dst = pages(2 * SPAN);
	struct job job = { .bench = bench, .arg = user_copy(dst + SPAN, src, SPAN) };
	struct bench other;
	pthread_t thread;
	long before;
	int i;

	skip_unless_sim(bench);
	before = pins();
	pattern(src, SPAN, 3);
	open_other(bench, 1, &other);
	assert_string_not_equal(other.info.name, bench->info.name);
	sim_fault("never", 1, 0, 0);
	job.arg.timeout_ms = 500;
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	wait_for_pins(before + 2);
	for (i = 0; i < 20; i++)
		copies_right(&other, dst, src, SPAN);
	pthread_join(thread, NULL);
	assert_int_equal(job.err, ETIMEDOUT);
	sim_fault_off();
	close(other.fd);
	pages_free(src, SPAN);
	pages_free(dst, 2 * SPAN);
}

/* A channel that completes in any order is believed by its callbacks alone. */
static void out_of_order_is_right(void **state)
{
	static const struct fault unordered[] = {
		{ "disorder", 0, 0, 0 },
		{ "disorder,twice", 0, 0, 0 },
		{ "disorder,late", 1, 0, 0 },
		{ "disorder,error", 1, EIO, EIO },
		{ "silent", 1, ETIMEDOUT, ETIMEDOUT },
		{ "never", 1, ETIMEDOUT, ETIMEDOUT },
	};
	struct bench *bench = *state;
	uint32_t kind;

	skip_unless_sim(bench);
	sim_set("unordered", 1);
	close(bench->fd);
	bind_device(&bench->info, "unbind");
	bind_device(&bench->info, "bind");
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(find_engine(bench->fd, &bench->info), 0);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), 0);
	for (kind = 0; kind < KINDS; kind++)
		survives_with(bench, copy_ends, kind, unordered,
			      sizeof(unordered) / sizeof(unordered[0]));
	close(bench->fd);
	bind_device(&bench->info, "unbind");
	sim_set("unordered", 0);
	bind_device(&bench->info, "bind");
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
}

static void wrong_parameters_are_refused(void **state)
{
	skip_unless_sim(*state);
	assert_int_equal(put_parameter("dmabench_sim", "fault", "later"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault", "late,"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault", "none,late"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault_nth", "0"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault_nth", "-1"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault_count", "x"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault_chan", "-2"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault_chan", "64"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault_ns", "60000000001"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault_ns", "-1"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "unordered", "2"), EINVAL);
	assert_int_equal(put_parameter("dmabench_sim", "fault", "late,noterm\n"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAULT_TEST(every_fault_is_survived),
		FAULT_TEST(late_is_late_but_right),
		FAULT_TEST(unsaid_failure_spoils_its_own_bytes),
		FAULT_TEST(nothing_is_written_after_the_end),
		FAULT_TEST(other_channel_goes_on),
		FAULT_TEST(out_of_order_is_right),
		FAULT_TEST(wrong_parameters_are_refused),
	};

	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}

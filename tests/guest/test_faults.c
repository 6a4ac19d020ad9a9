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

#include "guest.h"

#define MS 1000000UL
#define KINDS 4
#define CHUNK (2 * PAGE)
#define SPAN (4 * CHUNK)
#define FROM PAGE
#define TO (PAGE + 1)
#define LEN (3 * CHUNK - PAGE - 1)
#define TIMEOUT_MS 50
/* There is one; far above the timeout, as a busy host adds seconds. */
#define BOUND (60000 * MS)

struct fault {
	const char *name;
	unsigned long count;
	int interrupt; /* the errno by interrupt */
	int poll;      /* and polled */
};

static const struct fault faults[] = {
	{ "none", 1, 0, 0 },
	{ "late", 1, ETIMEDOUT, ETIMEDOUT },
	{ "never", 1, ETIMEDOUT, ETIMEDOUT },
	{ "never", 0, ETIMEDOUT, ETIMEDOUT },
	{ "stray", 1, ETIMEDOUT, ETIMEDOUT },
	{ "twice", 0, 0, 0 },
	{ "error", 1, EIO, EIO },
	{ "error,twice", 0, EIO, EIO },
	{ "status", 1, EIO, EIO },
	{ "residue", 1, EIO, EIO },
	{ "silent", 1, ETIMEDOUT, 0 }, /* who asks the channel needs no interrupt */
	{ "silent", 0, ETIMEDOUT, 0 },
	{ "noprep", 1, 0, 0 },
	{ "noprep", 0, ENOMEM, ENOMEM },
	{ "nosubmit", 1, EIO, EIO },
	{ "noterm", 0, 0, 0 }, /* nobody has to terminate anything */
};

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];

static int setup(void **state)
{
	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	return bench_setup(state);
}

static int teardown(void **state)
{
	const struct bench *bench = *state;

	if (on_sim(bench)) {
		sim_fault_off();
		sim_set("latency_ns", 0);
		sim_set("unordered", 0);
		sim_set("fault_ns", 100 * MS);
	}
	return bench_teardown(state);
}

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

static void only_the_destination_changed(const struct bench *bench, const struct end *dst, int err)
{
	memcpy(expected, poison, SPAN);
	memcpy(expected + TO, source + FROM, LEN);
	end_look(bench, dst, seen);
	if (err) /* undefined where it was asked for, untouched elsewhere */
		memcpy(seen + TO, source + FROM, LEN);
	assert_memory_equal(seen, expected, SPAN);
}

static void survives(const struct bench *bench, struct end *src, struct end *dst,
		     const struct fault *fault, unsigned long nth, uint32_t flags)
{
	int err = flags & DMABENCH_COPY_POLL ? fault->poll : fault->interrupt;
	long before = pins();
	unsigned long start;

	end_fill(bench, src, source);
	end_fill(bench, dst, poison);
	sim_fault(fault->name, nth, fault->count, -1);
	start = now();
	if (copy_ends(bench, src, dst, flags, err ? TIMEOUT_MS : 0) != err)
		fail_msg("%s at %lu, flags %u: not errno %d", fault->name, nth, flags, err);
	assert_true(now() - start < BOUND);
	sim_fault_off();
	assert_int_equal(pins(), before);
	only_the_destination_changed(bench, dst, err);
	end_fill(bench, dst, poison);
	assert_int_equal(copy_ends(bench, src, dst, flags, 0), 0);
	only_the_destination_changed(bench, dst, 0);
}

static void survives_with(const struct bench *bench, uint32_t kind, const struct fault *list,
			  size_t count)
{
	static const unsigned long nths[] = { 1, 3 };
	struct end src, dst;
	size_t i, j;

	end_make(bench, &src, kind, SPAN);
	end_make(bench, &dst, kind, SPAN);
	for (i = 0; i < count; i++) {
		for (j = 0; j < 2; j++) {
			survives(bench, &src, &dst, &list[i], nths[j], 0);
			survives(bench, &src, &dst, &list[i], nths[j], DMABENCH_COPY_POLL);
		}
	}
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

static void every_fault_is_survived(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	uint32_t kind;

	skip_unless_sim(bench);
	sim_set("fault_ns", 1000 * MS);
	for (kind = 0; kind < KINDS; kind++)
		survives_with(bench, kind, faults, FAULTS);
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
		unsigned long start = now();

		end_fill(bench, &dst, poison);
		sim_fault("late", 2, 1, -1);
		assert_int_equal(copy_ends(bench, &src, &dst, flags, 0), 0);
		assert_true(now() - start >= 100 * MS);
		only_the_destination_changed(bench, &dst, 0);
	}
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

/* The memory of a copy that was given up is the caller's alone: no late byte arrives. */
static void nothing_is_written_after_the_end(void **state)
{
	const struct bench *bench = *state;
	uint32_t kind;

	skip_unless_sim(bench);
	sim_set("fault_ns", 300 * MS);
	for (kind = 0; kind < KINDS; kind++) {
		struct end src, dst;

		end_make(bench, &src, kind, SPAN);
		end_make(bench, &dst, kind, SPAN);
		end_fill(bench, &src, source);
		sim_fault("late", 1, 0, -1);
		assert_int_equal(copy_ends(bench, &src, &dst, 0, TIMEOUT_MS), ETIMEDOUT);
		end_fill(bench, &dst, poison);
		usleep(400000);
		end_look(bench, &dst, seen);
		assert_memory_equal(seen, poison, SPAN);
		sim_fault_off();
		end_drop(bench, &src);
		end_drop(bench, &dst);
	}
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
	pthread_t thread;
	struct bench other;
	int i;

	skip_unless_sim(bench);
	pattern(src, SPAN, 3);
	open_other(bench, 1, &other);
	assert_string_not_equal(other.info.name, bench->info.name);
	sim_fault("never", 1, 0, 0);
	job.arg.timeout_ms = 500;
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	usleep(50000);
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
		survives_with(bench, kind, unordered, sizeof(unordered) / sizeof(unordered[0]));
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

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAULT_TEST(every_fault_is_survived),
		FAULT_TEST(late_is_late_but_right),
		FAULT_TEST(nothing_is_written_after_the_end),
		FAULT_TEST(other_channel_goes_on),
		FAULT_TEST(out_of_order_is_right),
		FAULT_TEST(wrong_parameters_are_refused),
	};

	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A provider that holds a spinlock from preparing a descriptor to its submission, as ioat and plx_dma
 * do: nobody sleeps or asks for another one in between, whatever goes wrong. The simulator counts
 * who does.
 */
#include <string.h>

#include "held.h"
#include "stuck.h"

#define LEN (16 * PAGE)

#include "sides.h"

#define KINDS 4

static int setup(void **state)
{
	if (sides_setup(state))
		return -1;
	hold(*state);
	return 0;
}

static int teardown(void **state)
{
	hold_no_more(*state);
	return sides_teardown(state);
}

/* One copy of several chunks and descriptors; whether its bytes are right. */
static int copy_between(const struct bench *bench, uint32_t kind, uint32_t flags)
{
	struct dmabench_copy arg = { .len = LEN, .flags = flags, .chunk = 2 * PAGE, .depth = 4 };
	static char seen[LEN];
	struct end from, to;
	int err;

	end_make(bench, &from, kind, LEN);
	end_make(bench, &to, kind, LEN);
	end_fill(bench, &from, src);
	arg.src = end_side(&from, 0);
	arg.dst = end_side(&to, 0);
	err = copy(bench, &arg);
	if (!err) {
		end_look(bench, &to, seen);
		assert_memory_equal(seen, src, LEN);
	}
	end_drop(bench, &from);
	end_drop(bench, &to);
	return err;
}

static void copies_are_right(void **state)
{
	const struct bench *bench = *state;
	uint32_t kind;

	skip_unless_sim(bench);
	for (kind = 0; kind < KINDS; kind++) {
		assert_int_equal(copy_between(bench, kind, 0), 0);
		assert_int_equal(copy_between(bench, kind, DMABENCH_COPY_POLL), 0);
		assert_int_equal(copy_between(bench, kind, DMABENCH_COPY_TIMES), 0);
	}
	nobody_did_wrong();
}

static void batches_are_right(void **state)
{
	static struct dmabench_segment list[LEN / PAGE];
	const struct bench *bench = *state;
	struct dmabench_batch arg = {
		.span = LEN,
		.segments_ptr = (uintptr_t)list,
		.segments = LEN / PAGE,
		.engine = bench->engine,
		.depth = 4,
	};
	struct end from, to;
	size_t i;

	skip_unless_sim(bench);
	for (i = 0; i < LEN / PAGE; i++)
		list[i] = (struct dmabench_segment){ i * PAGE, i * PAGE, PAGE };
	end_make(bench, &from, DMABENCH_BUF_REGISTERED, LEN);
	end_make(bench, &to, DMABENCH_BUF_COHERENT, LEN);
	end_fill(bench, &from, src);
	arg.src = end_side(&from, 0);
	arg.dst = end_side(&to, 0);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BATCH, &arg), 0);
	assert_memory_equal(to.memory, src, LEN);
	end_drop(bench, &from);
	end_drop(bench, &to);
	nobody_did_wrong();
}

/* What is refused when it is asked for, or when it is submitted, keeps no lock. */
static void refused_ones_let_go(void **state)
{
	static const char *const faults[] = { "noprep", "nosubmit", "error", "never" };
	const struct bench *bench = *state;
	size_t i;

	skip_unless_sim(bench);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct dmabench_copy arg = user_copy(dst, src, LEN);

		arg.chunk = PAGE;
		arg.timeout_ms = 200;
		sim_fault(faults[i], 3, 1, -1);
		copy(bench, &arg);
		sim_fault_off();
		copies_right(bench, dst, src, LEN);
	}
	nobody_did_wrong();
}

/* Two who share the channel: one waits for the lock of the other. */
static void who_shares_it_waits(void **state)
{
	skip_unless_sim(*state);
	halves_at_once(*state, *state, dst, src, LEN, PAGE, 20);
	nobody_did_wrong();
}

#define HELD(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HELD(copies_are_right),
		HELD(batches_are_right),
		HELD(refused_ones_let_go),
		HELD(who_shares_it_waits),
	};

	return cmocka_run_group_tests_name("held", tests, NULL, NULL);
}

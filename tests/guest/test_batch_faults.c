/* SPDX-License-Identifier: GPL-2.0-only */
/* What an engine does wrong in the midst of a BATCH: it ends as a copy does. */
#include "faults.h"

/* The bytes in three parts, so that there is a third descriptor of any kind of memory. */
static int batch_ends(const struct bench *bench, const struct end *src, const struct end *dst,
		      uint32_t flags, uint32_t timeout_ms)
{
	struct dmabench_segment list[] = {
		{ FROM, TO, CHUNK },
		{ FROM + CHUNK, TO + CHUNK, CHUNK },
		{ FROM + 2 * CHUNK, TO + 2 * CHUNK, LEN - 2 * CHUNK },
	};
	struct dmabench_batch arg = {
		.src = end_side(src, 0),
		.dst = end_side(dst, 0),
		.span = SPAN,
		.segments_ptr = (uintptr_t)list,
		.segments = 3,
		.flags = flags,
		.timeout_ms = timeout_ms,
		.engine = bench->engine,
	};

	return request(bench->fd, DMABENCH_IOC_BATCH, &arg);
}

static void every_fault_is_survived(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	uint32_t kind;

	skip_unless_sim(bench);
	sim_set("fault_ns", 1000 * MS);
	for (kind = DMABENCH_BUF_REGISTERED; kind < KINDS; kind++)
		survives_with(bench, batch_ends, kind, faults, FAULTS);
	assert_int_equal(pins(), before);
}

static void nothing_is_written_after_the_end(void **state)
{
	skip_unless_sim(*state);
	writes_nothing_after_the_end(*state, batch_ends, DMABENCH_BUF_REGISTERED);
}

static void unbound_engine_is_enodev(void **state)
{
	const struct bench *bench = *state;
	struct end src, dst;

	skip_unless_sim(bench);
	end_make(bench, &src, DMABENCH_BUF_REGISTERED, SPAN);
	end_make(bench, &dst, DMABENCH_BUF_REGISTERED, SPAN);
	bind_device(&bench->info, "unbind");
	assert_int_equal(batch_ends(bench, &src, &dst, 0, 0), ENODEV);
	bind_device(&bench->info, "bind");
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAULT_TEST(every_fault_is_survived),
		FAULT_TEST(nothing_is_written_after_the_end),
		FAULT_TEST(unbound_engine_is_enodev),
	};

	return cmocka_run_group_tests_name("batch faults", tests, NULL, NULL);
}

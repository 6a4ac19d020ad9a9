// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the time goes in a case in which the CPU uses the bytes: writing them, the operation, reading
 * them. The clock is read between, so this is a phase of its own, and what that takes is taken off.
 */
#include "machine/clock.h"
#include "phase.h"

/* So many samples' time. */
#define STAGES_SAMPLES 4

static uint64_t without_clock(uint64_t ns, const struct launch_result *r)
{
	uint64_t clock = (uint64_t)(r->clock.cost_ns * (double)r->use.ops);

	return ns > clock ? ns - clock : 0;
}

int phase_use(struct bench *b)
{
	struct launch_result *r = b->result;
	struct stretch s;
	int ret;

	if (b->ctx.params.use == USE_NONE)
		return 0;
	b->use.stages = &r->use;
	ret = phase_sample(b, STAGES_SAMPLES * b->config->sample_ns, NULL, &s);
	b->use.stages = NULL;
	/* Where the CPU writes nothing that is no stage. */
	r->use.write = b->ctx.params.use == USE_WRITE_READ ? without_clock(r->use.write, r) : 0;
	r->use.operation = without_clock(r->use.operation, r);
	r->use.read = without_clock(r->use.read, r);
	return ret;
}

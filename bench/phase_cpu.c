// SPDX-License-Identifier: GPL-2.0-only
/* CPU use: the caller's by its clock, the whole machine's by what the soaker misses. */
#include <stdio.h>

#include "clock.h"
#include "phase.h"

int phase_cpu(struct bench *b)
{
	struct launch_result *r = b->result;
	double bytes, used, left;
	struct stretch s;
	uint64_t cpu;
	int ret;

	if (b->ctx.params.cache == CACHE_COLD) {
		snprintf(r->no_cpu_reason, sizeof(r->no_cpu_reason),
			 "emptying the caches between operations would be counted");
		return 0;
	}
	if (!b->soaker) {
		snprintf(r->no_cpu_reason, sizeof(r->no_cpu_reason), "%s",
			 *b->no_soaker ? b->no_soaker : "not measured in this run");
		return 0;
	}
	ret = phase_poison(b);
	if (ret)
		return ret;
	soaker_on(b->soaker);
	ret = phase_operate(b, SOAKER_SETTLE_NS, NULL, &s);
	soaker_mark(b->soaker);
	cpu = cpu_time_ns();
	if (!ret)
		ret = phase_operate(b, b->config->cpu_phase_ns, NULL, &s);
	cpu = cpu_time_ns() - cpu;
	used = soaker_off(b->soaker, &left);
	if (ret)
		return ret;
	ret = phase_verify(b);
	if (ret)
		return ret;
	bytes = (double)s.ops * (double)b->ctx.params.size;
	r->have_cpu = true;
	r->cpu_caller = (double)cpu / bytes;
	r->cpu_machine = used / bytes;
	r->cpu_left = left;
	return 0;
}

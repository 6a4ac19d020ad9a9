// SPDX-License-Identifier: GPL-2.0-only
/* CPU use: the caller's by its clock, the whole machine's by what the soaker misses. */
#include <stdio.h>
#include <string.h>

#include "machine/clock.h"
#include "phase.h"

int phase_cpu(struct bench *b)
{
	struct launch_result *r = b->result;
	double bytes, caller, used, left;
	struct stretch s;
	uint64_t begin, end = 0;
	int ret, unseen;

	if (phase_uncounted(b)) {
		snprintf(r->no_cpu_reason, sizeof(r->no_cpu_reason), "%s", phase_uncounted(b));
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
	unseen = cpu_time_ns(&begin);
	if (!ret)
		ret = phase_operate(b, b->config->cpu_phase_ns, NULL, &s);
	if (!unseen)
		unseen = cpu_time_ns(&end);
	caller = unseen ? 0 : (double)(end - begin);
	used = soaker_off(b->soaker, caller, &left);
	if (ret)
		return ret;
	ret = phase_verify(b);
	if (ret)
		return ret;
	if (unseen) {
		snprintf(r->no_cpu_reason, sizeof(r->no_cpu_reason),
			 "this process's CPU time can't be seen: %s", strerror(-unseen));
		return 0;
	}
	bytes = (double)s.ops * (double)b->ctx.params.size;
	r->have_cpu = true;
	r->cpu_caller = caller / bytes;
	r->cpu_machine = used / bytes;
	r->cpu_left = left;
	return 0;
}

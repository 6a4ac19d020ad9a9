// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the caller's operations make CPUs and kernel do. A phase of its own: counting costs
 * something at each context switch and fork.
 */
#include <errno.h>
#include <stdio.h>

#include "phase.h"

int phase_events(struct bench *b)
{
	struct event_totals *t = &b->result->events;
	struct events *events;
	struct stretch s;
	int ret;

	if (phase_uncounted(b) || !b->config->event_ns) {
		snprintf(t->reason, sizeof(t->reason), "%s",
			 b->config->event_ns ? phase_uncounted(b) : "not measured in this run");
		return 0;
	}
	ret = phase_poison(b);
	if (ret)
		return ret;
	arena_touch(&b->arena);
	events = events_open();
	if (!events)
		return phase_end(b, LAUNCH_SKIPPED, "counting events", -ENOMEM);
	events_start(events);
	ret = phase_operate(b, b->config->event_ns, NULL, &s);
	events_stop(events);
	events_close(events, t->of);
	if (ret)
		return ret;
	t->launches = 1;
	t->ops = s.ops;
	return phase_verify(b);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Events of all launches of a case, and how the result file has them. */
#include <stdio.h>
#include <string.h>

#include "measure/events.h"

/* A launch without the event takes it away: a sum over some would be of other operations. */
static void add_one(struct event_count *to, const struct event_count *from)
{
	if (!to->have)
		return;
	if (!from->have) {
		*to = *from;
		return;
	}
	to->count += from->count;
	to->user_only |= from->user_only;
	if (from->running < to->running)
		to->running = from->running;
}

void events_add(struct event_totals *to, const struct event_totals *from)
{
	if (!from->launches)
		memcpy(to->reason, from->reason, sizeof(to->reason));
	else if (!to->launches)
		*to = *from;
	else {
		for (int i = 0; i < EVENTS; i++)
			add_one(&to->of[i], &from->of[i]);
		to->launches += from->launches;
		to->ops += from->ops;
	}
}

/* Hardware counts per byte, the kernel's per operation. */
static json_t *one_json(const struct event_totals *t, int event, uint64_t size)
{
	const struct event_count *c = &t->of[event];
	bool software = event_kinds[event].software;
	double per = (double)t->ops * (software ? 1 : (double)size);
	json_t *json = json_pack("{s:s,s:s}", "unit", software ? "1/op" : "1/B", "better", "lower");

	if (!t->launches || !c->have) {
		json_object_set_new(json, "value", json_null());
		json_object_set_new(json, "reason",
				    json_string(t->launches ? c->reason : t->reason));
		return json;
	}
	json_object_set_new(json, "value", json_real(c->count / per));
	json_object_set_new(json, "kernel", json_boolean(!c->user_only));
	json_object_set_new(json, "running", json_real(c->running));
	return json;
}

json_t *events_json(const struct event_totals *t, uint64_t size)
{
	json_t *json = json_pack("{s:I}", "ops", (json_int_t)t->ops);

	for (int i = 0; i < EVENTS; i++)
		json_object_set_new(json, event_kinds[i].name, one_json(t, i, size));
	return json;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "state.h"

#include "clock.h"
#include "settings.h"

/* No more often than this: a look at many CPUs takes a while. */
#define LOOK_NS 500000000ull
/* Something that flips all the time needn't fill the file. */
#define MAX_CHANGES 32

static void note_changes(struct state *s, const json_t *now)
{
	double seconds = (double)(s->during.last.when_ns - s->during.first.when_ns) / 1e9;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)now, name, value) {
		json_t *last = json_object_get(s->settings, name);

		if (!last || json_equal(last, value))
			continue;
		if (json_array_size(s->changed) < MAX_CHANGES)
			json_array_append_new(s->changed,
					      json_pack("{s:s,s:O,s:O,s:f}", "what", name, "from",
							last, "to", value, "after_s", seconds));
		json_object_set(s->settings, name, value);
	}
}

static void look(struct state *s)
{
	json_t *now = settings_read(false);

	activity_look(&s->during);
	note_changes(s, now);
	json_decref(now);
}

static json_t *idle_span(uint64_t window_ns)
{
	static struct activity span; /* large; one thread looks */

	activity_idle(&span, window_ns);
	return activity_to_json(&span, true);
}

void state_begin(struct state *s, const json_t *settings, uint64_t window_ns)
{
	s->before = idle_span(window_ns);
	s->settings = json_deep_copy(settings);
	s->changed = json_array();
	activity_begin(&s->during);
}

void state_look(struct state *s)
{
	if (s->before && now_ns() - s->during.last.when_ns >= LOOK_NS)
		look(s);
}

void state_end(struct state *s, uint64_t window_ns)
{
	look(s);
	s->after = idle_span(window_ns);
}

json_t *state_to_json(const struct state *s)
{
	if (!s->before)
		return NULL;
	return json_pack("{s:O,s:o?,s:O?,s:O}", "before", s->before, "during",
			 s->during.looks > 1 ? activity_to_json(&s->during, false) : NULL, "after",
			 s->after, "changed", s->changed);
}

void state_free(struct state *s)
{
	json_decref(s->before);
	json_decref(s->after);
	json_decref(s->settings);
	json_decref(s->changed);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/json_text.h"
#include "costs.h"
#include "directions.h"
#include "picks.h"

/* Rivals are other copies; without any the winner is alone. */
static json_t *winner(const struct shown_list *list, double size)
{
	const struct shown *best = shown_best(list, WANT_TIME, size, pick_copy), *next = NULL;
	json_t *tied = json_array();
	int measured = 1;

	for (size_t i = 0; i < list->n; i++) {
		const struct shown *c = &list->c[i];

		if (c == best || c->size != size || !pick_copy(c) || !c->figure[WANT_TIME].have ||
		    shown_same_copy(c, best) || !strcmp(c->path, best->path))
			continue;
		measured++;
		if (!next || c->figure[WANT_TIME].value < next->figure[WANT_TIME].value)
			next = c;
		if (estimates_overlap(&c->figure[WANT_TIME], &best->figure[WANT_TIME]))
			json_array_append_new(tied, json_string(c->id));
	}
	return json_pack("{s:f,s:s,s:s,s:i,s:o,s:s?}", "size", size, "id", best->id, "name",
			 best->name, "measured", measured, "tied", tied, "next",
			 next ? next->id : NULL);
}

static int winners(const struct shown_list *list, json_t *out)
{
	double *sizes;
	size_t n = shown_sizes(list, pick_copy, &sizes);

	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, winner(list, sizes[i]));
	free(sizes);
	return sizes ? 0 : -ENOMEM;
}

static int real(const json_t *result, const json_t *environment, json_t *answer)
{
	struct shown_list list;
	int ret = shown_read(result, json_text_if_any(environment, "id"), &list);

	if (!ret)
		ret = answer_sentences(&list, environment, json_object_get(answer, "sentences"));
	if (!ret)
		ret = winners(&list, json_object_get(answer, "winners"));
	if (!ret)
		ret = answer_map(&list, json_object_get(answer, "map"));
	if (!ret)
		json_object_set(answer, "setting", list.setting);
	if (!ret)
		ret = json_object_set_new(answer, "costs",
					  costs_make(result, json_text_if_any(environment, "id")))
			      ? -ENOMEM
			      : 0;
	if (!ret)
		ret = json_object_set_new(answer, "directions",
					  directions_make(result,
							  json_text_if_any(environment, "id")))
			      ? -ENOMEM
			      : 0;
	shown_free(&list);
	return ret;
}

static bool is_emulated(const json_t *environment)
{
	const char *platform = json_text_if_any(environment, "platform");

	return !platform || !strcmp(platform, "vm-tcg") || !strcmp(platform, "vm-icount");
}

static const char *emulated_words(const json_t *environment)
{
	const char *platform = json_text_if_any(environment, "platform");

	return platform && !strcmp(platform, "vm-icount")
		       ? "No advice from an emulated machine: its times are instruction counts."
		       : "No advice from an emulated machine: its times mean nothing.";
}

json_t *answer_make(const json_t *result)
{
	json_t *all = json_array(), *environment;
	size_t i;

	json_array_foreach(json_object_get(result, "environments"), i, environment) {
		json_t *answer = json_pack("{s:s,s:s?,s:b,s:[],s:[],s:[],s:[],s:[]}", "env",
					   json_text_if_any(environment, "id"), "platform",
					   json_text_if_any(environment, "platform"), "advice",
					   !is_emulated(environment), "sentences", "winners", "map",
					   "costs", "directions");
		int ret = answer ? 0 : -ENOMEM;

		if (!ret && is_emulated(environment))
			ret = json_array_append_new(json_object_get(answer, "sentences"),
						    json_string(emulated_words(environment)));
		else if (!ret)
			ret = real(result, environment, answer);
		if (ret || json_array_append_new(all, answer)) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

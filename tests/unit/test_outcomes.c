// SPDX-License-Identifier: GPL-2.0-only
/* What may be asked of a path's every operation is done and in the id, or the case isn't measured. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "paths/calls/calls.h"
#include "plan/plan.h"

/* What a case has where one of them is asked for: an option, and its id's end. */
static const struct asked {
	const char *option, *in_id;
	enum use_kind use;
	enum touch_kind touch;
	enum direction_kind direction;
	uint64_t load;
} asked[] = {
	{ "--use read: ", ",use=read", .use = USE_READ },
	{ "--use write+read: ", ",use=write+read", .use = USE_WRITE_READ },
	{ "--touch fresh: ", ",touch=fresh", .touch = TOUCH_FRESH },
	{ "--direction both: ", ",direction=both", .direction = DIRECTION_BOTH },
	{ "--load: ", ",load=50", .load = 50 },
};

static void plan_one(const struct copy_path *path, const struct asked *a, struct plan *plan)
{
	struct axes axes = { .npaths = 1, .paths = { path }, .size = { { 65536 }, 1 } };
	char twice[512];

	axes.threads = (struct numbers){ { 2 }, 1 };
	axes.use = (struct numbers){ { a->use }, 1 };
	axes.touch = (struct numbers){ { a->touch }, 1 };
	axes.direction = (struct numbers){ { a->direction }, 1 };
	axes.load = (struct numbers){ { a->load }, 1 };
	for (size_t i = 0; i < ENGINE_FAMILIES; i++) {
		strcpy(axes.engine[i].v[0], "any");
		axes.engine[i].n = 1;
	}
	axes_defaults(&axes);
	/* Of whatever queues there are here, or none. */
	strcpy(axes.dsa_queue.v[0], "any");
	axes.dsa_queue.n = 1;
	assert_int_equal(plan_add(plan, &axes, twice, sizeof(twice)), 0);
}

/* Is the case taken? Then it is in id and parameters, and else said why not, by the option's name. */
static bool outcome(const struct copy_path *path, const struct asked *a)
{
	struct plan plan = { 0 };
	char id[512], why[160] = "";
	bool taken;

	plan_one(path, a, &plan);
	if (plan.n != 1)
		fail_msg("%s has %zu cases", path->name, plan.n);
	case_id(&plan.cases[0], id, sizeof(id));
	if (strlen(id) < strlen(a->in_id) || !strstr(id, a->in_id))
		fail_msg("%s doesn't say%s", id, a->in_id);
	taken = !path_takes(path, &plan.cases[0].params, why, sizeof(why));
	if (!taken &&
	    (strncmp(why, a->option, strlen(a->option)) || strlen(why) == strlen(a->option)))
		fail_msg("%s: %s", id, why);
	plan_free(&plan);
	return taken;
}

/* How many take each: one that refused everybody would be right by itself. */
static void each_path_has_what_is_asked_or_says_why_not(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(asked) / sizeof(asked[0]); k++) {
		size_t taken = 0, calls = 0;

		for (size_t i = 0; i < all_paths_count; i++)
			taken += outcome(all_paths[i], &asked[k]);
		for (size_t i = 0; i < call_paths_count; i++)
			calls += outcome(call_paths[i], &asked[k]);
		assert_in_range(taken, 1, all_paths_count - 1);
		assert_int_equal(calls, asked[k].load ? call_paths_count : 0);
	}
}

/* What the CPU does in some memory, and a call, aren't ways for bytes. */
static void what_is_no_way_for_bytes_takes_others_beside_it_alone(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(asked) / sizeof(asked[0]); k++)
		for (size_t i = 0; i < all_paths_count; i++)
			if (all_paths[i]->class == CLASS_ACCESS ||
			    all_paths[i]->class == CLASS_NONE)
				assert_int_equal(outcome(all_paths[i], &asked[k]),
						 asked[k].load != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_path_has_what_is_asked_or_says_why_not),
		cmocka_unit_test(what_is_no_way_for_bytes_takes_others_beside_it_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

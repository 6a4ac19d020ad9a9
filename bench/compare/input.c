// SPDX-License-Identifier: GPL-2.0-only
#include "input.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "result/result.h"
#include "text/parse.h"
#include "compared.h"

/* No operation takes less than a femtosecond or more than thirty years. */
#define LEAST_NS 1e-6
#define MOST_NS 1e18

struct reader {
	char *why;
	size_t len;
	const char *id; /* of the case being read */
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct reader *r, const char *format, ...)
{
	va_list args;
	size_t used = 0;

	if (r->id)
		used = (size_t)snprintf(r->why, r->len, "case %.200s: ", r->id);
	va_start(args, format);
	if (used < r->len)
		vsnprintf(r->why + used, r->len - used, format, args);
	va_end(args);
	return false;
}

static bool one_of(const json_t *value, const char *const *words, size_t n)
{
	return json_is_string(value) && parse_word(json_string_value(value), words, n) >= 0;
}

static bool is_time(const json_t *value)
{
	double ns = json_number_value(value);

	return json_is_number(value) && ns >= LEAST_NS && ns <= MOST_NS;
}

static bool figure_is_absent(const json_t *c)
{
	static const char *const keys[] = { "time", "throughput", "latency", "cpu", "stages" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_object_get(c, keys[i]))
			return false;
	return !json_array_size(json_object_get(c, "launches"));
}

static bool check_launch(struct reader *r, const json_t *launch, size_t index, bool timed)
{
	const json_t *quantiles = json_object_get(launch, figures[FIGURE_TIME].key);
	double last = 0;

	if (!json_is_integer(json_object_get(launch, "index")))
		return refuse(r, "launch %zu has no index", index);
	for (size_t i = 0; i < LOCATIONS; i++) {
		const json_t *value = json_object_get(quantiles, location_names[i]);
		double ns = json_number_value(value);

		/* The harness's own cost may come out as nothing. */
		if (timed ? !is_time(value) : !json_is_number(value) || ns < 0 || ns > MOST_NS)
			return refuse(r, "launch %zu has no %s time that can be", index,
				      location_names[i]);
		if (ns < last)
			return refuse(r, "launch %zu: its %s is below a lower quantile", index,
				      location_names[i]);
		last = ns;
	}
	for (size_t i = FIGURE_TIME + 1; i < FIGURES; i++) {
		const json_t *value = json_object_get(launch, figures[i].key);

		if (value && !json_is_null(value) && !json_is_number(value))
			return refuse(r, "launch %zu: %s is not a number", index, figures[i].key);
	}
	return true;
}

static bool has_unit(const json_t *figure, const char *unit)
{
	const json_t *is = json_object_get(figure, "unit");

	return json_is_string(is) && !strcmp(json_string_value(is), unit) &&
	       json_is_number(json_object_get(figure, "value"));
}

/* Of its value, in this unit; null where one launch gives none. */
static bool has_interval(const json_t *figure)
{
	const json_t *ci = json_object_get(figure, "ci95"), *low = json_array_get(ci, 0),
		     *high = json_array_get(ci, 1);

	return !ci || json_is_null(ci) ||
	       (json_array_size(ci) == 2 && json_is_number(low) && json_is_number(high) &&
		json_number_value(low) <= json_number_value(high));
}

/* First those with a throughput, then others whose bytes are verified, then others that are timed. */
static const char *const classes[] = {
	"copy", "snapshot", "move", "view", "access", "call", "none"
};
#define MOVES 5
#define TIMED 6
#define CLASSES (sizeof(classes) / sizeof(classes[0]))

static bool check_ok(struct reader *r, const json_t *c)
{
	const json_t *class = json_object_get(c, "class"), *reason = json_object_get(c, "reason");
	const json_t *launches = json_object_get(c, "launches"), *launch;
	const json_t *floor = json_object_get(c, "aa_floor");
	const json_t *time = json_object_get(c, "time"), *rate = json_object_get(c, "throughput");
	bool copies = one_of(class, classes, 1), moves = one_of(class, classes, MOVES);
	bool timed = one_of(class, classes, TIMED);
	size_t i;

	if (reason && !json_is_null(reason))
		return refuse(r, "it is ok and has a reason why not");
	if (!json_is_integer(json_object_get(c, "verified_bytes")) ||
	    json_integer_value(json_object_get(c, "verified_bytes")) < moves)
		return refuse(r, "it is ok and verified nothing");
	if (!has_unit(time, "ns/op"))
		return refuse(r, "it is ok and has no time in ns/op");
	if (copies && !has_unit(rate, "B/s"))
		return refuse(r, "it is a copy and has no throughput in B/s");
	if (timed && !is_time(json_object_get(time, "value")))
		return refuse(r, "it has no time that can be");
	if (copies && !(json_number_value(json_object_get(rate, "value")) > 0))
		return refuse(r, "it has no throughput that can be");
	if (!has_interval(time) || !has_interval(rate))
		return refuse(r, "its interval is none");
	if (floor && !(json_is_number(floor) && json_number_value(floor) >= 0 &&
		       json_number_value(floor) <= 10))
		return refuse(r, "aa_floor is not a share of 0 to 10");
	if (!json_array_size(launches))
		return refuse(r, "it is ok and has no launches");
	json_array_foreach(launches, i, launch)
		if (!check_launch(r, launch, i, timed))
			return false;
	return true;
}

static bool check_case(struct reader *r, const json_t *result, const json_t *c)
{
	static const char *const words[] = { "ok", "skipped", "failed" };
	static const char *const kinds[] = { "hardware", "emulated", "software" };
	const json_t *status = json_object_get(c, "status"), *env = json_object_get(c, "env");
	const json_t *reason = json_object_get(c, "reason"), *engine = json_object_get(c, "engine");

	r->id = json_string_value(json_object_get(c, "id"));
	if (!one_of(status, words, 3))
		return refuse(r, "no such status");
	if (!one_of(json_object_get(c, "class"), classes, CLASSES))
		return refuse(r, "no such class");
	if (!json_is_string(env) || !compare_environment(result, json_string_value(env)))
		return refuse(r, "its environment isn't there");
	if (engine && !json_is_null(engine) && !one_of(json_object_get(engine, "kind"), kinds, 3))
		return refuse(r, "its engine is of no known kind");
	if (engine && !json_is_null(engine) &&
	    (!json_is_string(json_object_get(engine, "driver")) ||
	     !json_is_string(json_object_get(engine, "name"))))
		return refuse(r, "its engine has no name or driver");
	if (one_of(status, words, 1))
		return check_ok(r, c);
	if (!json_is_string(reason) || !json_string_value(reason)[0])
		return refuse(r, "it is %s without a reason", json_string_value(status));
	if (!figure_is_absent(c))
		return refuse(r, "it is %s and has figures", json_string_value(status));
	return true;
}

static bool check_environments(struct reader *r, const json_t *environments)
{
	static const char *const platforms[] = { "native", "vm-kvm", "vm-tcg", "vm-icount" };
	json_t *seen = json_object(), *env;
	bool good = json_array_size(environments) > 0;
	size_t i;

	if (!good)
		refuse(r, "it has no environment");
	json_array_foreach(environments, i, env) {
		const char *id = json_string_value(json_object_get(env, "id"));

		if (!id || json_object_get(seen, id))
			good = refuse(r, "environment %zu has no id of its own", i);
		else if (!one_of(json_object_get(env, "platform"), platforms, 4))
			good = refuse(r, "environment %.200s has no known platform", id);
		else if (!json_is_object(json_object_get(env, "identity")) ||
			 !json_is_object(json_object_get(env, "conditions")))
			good = refuse(r, "environment %.200s has no identity or conditions", id);
		if (!good)
			break;
		json_object_set_new(seen, id, json_true());
	}
	json_decref(seen);
	return good;
}

int input_check(const json_t *result, char *why, size_t len)
{
	struct reader r = { why, len, NULL };
	const json_t *run = json_object_get(result, "run");

	if (!json_is_boolean(json_object_get(run, "complete"))) {
		refuse(&r, "it doesn't say whether the run is complete");
		return -EINVAL;
	}
	if (!json_is_true(json_object_get(run, "complete"))) {
		refuse(&r, "the run is incomplete");
		return -EINVAL;
	}
	return input_check_parts(result, why, len);
}

int input_check_parts(const json_t *result, char *why, size_t len)
{
	struct reader r = { why, len, NULL };
	const json_t *c;
	size_t i;

	if (!check_environments(&r, json_object_get(result, "environments")))
		return -EINVAL;
	json_array_foreach(json_object_get(result, "cases"), i, c)
		if (!check_case(&r, result, c))
			return -EINVAL;
	return 0;
}

json_t *input_read(const char *path, char *why, size_t len)
{
	json_t *result = result_read(path, why, len);

	if (result && input_check(result, why, len)) {
		json_decref(result);
		return NULL;
	}
	return result;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "launches.h"

size_t launches_most(const json_t *c)
{
	return json_array_size(json_object_get(c, "launches")) + 1;
}

size_t launch_times(const json_t *c, double *v)
{
	json_t *launch;
	size_t i, n = 0;

	json_array_foreach(json_object_get(c, "launches"), i, launch) {
		const json_t *ns = json_object_get(json_object_get(launch, "ns_per_op"), "median");

		if (json_is_number(ns) && json_number_value(ns) > 0)
			v[n++] = json_number_value(ns);
	}
	if (!n)
		v[n++] = json_number_value(json_object_get(json_object_get(c, "time"), "value"));
	return n;
}

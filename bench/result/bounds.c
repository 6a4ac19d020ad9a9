// SPDX-License-Identifier: GPL-2.0-only
#include "bounds.h"

#include <stdio.h>
#include <string.h>

#include "machine/pci.h"
#include "text/json_text.h"
#include "text/units.h"

static const json_t *param(const json_t *c, const char *key)
{
	return json_object_get(json_object_get(c, "params"), key);
}

static double size_of(const json_t *c)
{
	return json_number_value(param(c, "size"));
}

static double rate_of(const json_t *c)
{
	return json_number_value(json_object_get(json_object_get(c, "throughput"), "value"));
}

/* A copy and nothing else in its time. */
static bool is_plain_copy(const json_t *c)
{
	return !strcmp(json_text(c, "status"), "ok") && !strcmp(json_text(c, "class"), "copy") &&
	       rate_of(c) > 0 && !param(c, "use") && !param(c, "touch") && !param(c, "load");
}

static bool is_one_way(const json_t *c)
{
	return !param(c, "direction");
}

/* Between two nodes there may be a way for each direction, of which a copy takes one. */
static bool has_memory_bound(const json_t *c)
{
	return is_one_way(c) || json_equal(param(c, "src_node"), param(c, "dst_node"));
}

static bool is_by_all_cpus(const json_t *c)
{
	const json_t *threads = param(c, "threads");

	return !strcmp(json_text(c, "path"), "memcpy-mt") && json_is_integer(threads) &&
	       !json_integer_value(threads) && json_integer_value(param(c, "queue")) <= 1;
}

static bool same_nodes(const json_t *a, const json_t *b)
{
	static const char *const nodes[] = { "cpu_node", "src_node", "dst_node" };
	bool same = !strcmp(json_text(a, "env"), json_text(b, "env"));

	for (size_t i = 0; i < 3; i++)
		same = same && param(a, nodes[i]) && param(b, nodes[i]) &&
		       json_equal(param(a, nodes[i]), param(b, nodes[i]));
	return same;
}

/* The fastest sample of all launches, in bytes per second. */
static double fastest_sample(const json_t *c)
{
	double least = 0;
	json_t *launch;
	size_t i;

	json_array_foreach(json_object_get(c, "launches"), i, launch) {
		double ns = json_number_value(
			json_object_get(json_object_get(launch, "ns_per_op"), "min"));

		if (ns > 0 && (!least || ns < least))
			least = ns;
	}
	return least > 0 ? size_of(c) / least * 1e9 : 0;
}

static void add(json_t *c, const char *what, double value, const char *from)
{
	json_t *bounds = json_object_get(c, "bounds");

	if (!bounds) {
		bounds = json_array();
		json_object_set_new(c, "bounds", bounds);
	}
	json_array_append_new(bounds,
			      json_pack("{s:s,s:s,s:f,s:f,s:s}", "what", what, "unit", "B/s",
					"value", value, "share", rate_of(c) / value, "from", from));
}

static void add_memory(json_t *cases, json_t *c, double least_size)
{
	const json_t *best = NULL;
	double most = 0;
	json_t *other;
	size_t i;

	json_array_foreach(cases, i, other) {
		double rate;

		if (!is_plain_copy(other) || !is_one_way(other) || !is_by_all_cpus(other) ||
		    !same_nodes(c, other) || size_of(other) < least_size ||
		    size_of(other) > size_of(c))
			continue;
		rate = fastest_sample(other);
		if (rate > most) {
			most = rate;
			best = other;
		}
	}
	if (best)
		add(c, "memory", most, json_text(best, "id"));
}

/* Of one direction, what its encoding leaves of it: packets and their headers come on top. */
static double lane_rate(int generation)
{
	static const double rates[] = { 0,
					2.5e9 * 8 / 10,
					5e9 * 8 / 10,
					8e9 * 128 / 130,
					16e9 * 128 / 130,
					32e9 * 128 / 130,
					64e9 * 242 / 256,
					128e9 * 242 / 256 };

	return generation > 0 && generation < 8 ? rates[generation] / 8 : 0;
}

/* What the link can do, or does, whichever is more. */
static void add_link(json_t *c)
{
	const json_t *engine = json_object_get(c, "engine");
	const char *device = json_text(engine, "device");
	struct pci_link link;
	double most, now;

	if (strcmp(json_text(engine, "kind"), "hardware") || !strchr(device, ':'))
		return;
	pci_link(device, &link);
	most = lane_rate(link.max_generation) * link.max_width;
	now = lane_rate(link.generation) * link.width;
	if (most > 0 || now > 0)
		add(c, "link", most > now ? most : now, device);
}

void bounds_add(json_t *cases, uint64_t cache_bytes)
{
	/* Source and destination together. */
	double least_size = BOUNDS_CACHES / 2.0 * (double)cache_bytes;
	json_t *c;
	size_t i;

	json_array_foreach(cases, i, c) {
		if (!is_plain_copy(c))
			continue;
		if (cache_bytes && size_of(c) >= least_size && has_memory_bound(c))
			add_memory(cases, c, least_size);
		add_link(c);
	}
}

bool bounds_broken(const json_t *c, char *why, size_t len)
{
	const json_t *rate = json_object_get(c, "throughput"), *ci = json_object_get(rate, "ci95");
	double least = json_number_value(json_array_get(ci, 0));
	json_t *bound;
	size_t i;

	json_array_foreach(json_object_get(c, "bounds"), i, bound) {
		double value = json_number_value(json_object_get(bound, "value"));
		char is[UNIT_TEXT], most[UNIT_TEXT];

		if (json_array_size(ci) != 2 || least <= BOUNDS_FACTOR * value)
			continue;
		snprintf(
			why, len,
			"an error of the harness: %s is more than %d times what the %s can do (%s, "
			"by %.120s)",
			unit_rate(rate_of(c), is), BOUNDS_FACTOR, json_text(bound, "what"),
			unit_rate(value, most), json_text(bound, "from"));
		return true;
	}
	return false;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "latency.h"

#define STRING(x) #x
#define TEXT(x) STRING(x)

static const struct {
	const char *name;
	double q;
} percentiles[] = { { "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 }, { "p99_9", 0.999 } };

/* [middle of the bucket in ns, timings in it], lowest first, empty ones left out. */
static json_t *buckets_json(const struct hist *h)
{
	json_t *list = json_array();
	uint64_t count;
	size_t at = 0;
	double ns;

	while (hist_next(h, &at, &ns, &count))
		json_array_append_new(list, json_pack("[f,I]", ns, (json_int_t)count));
	return list;
}

json_t *hist_json(const struct hist *h)
{
	json_t *json = json_pack("{s:s,s:s,s:I}", "unit", "ns", "better", "lower", "count",
				 (json_int_t)h->count);
	bool lacking = false;

	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
		bool known = hist_supports(h, percentiles[i].q);

		lacking |= !known;
		json_object_set_new(json, percentiles[i].name,
				    known ? json_real(hist_quantile(h, percentiles[i].q))
					  : json_null());
	}
	json_object_set_new(json, "max", h->count ? json_real(h->max_ns) : json_null());
	if (!h->count)
		json_object_set_new(json, "reason", json_string("not measured in this run"));
	else if (lacking)
		json_object_set_new(json, "reason",
				    json_string("null: fewer than " TEXT(
					    HIST_BEYOND) " timings lie beyond that percentile"));
	json_object_set_new(json, "buckets", buckets_json(h));
	return json;
}

json_t *latency_json(const struct hist *h, uint64_t ops_per_timing)
{
	json_t *json = hist_json(h);

	json_object_set_new(json, "of",
			    json_string(ops_per_timing > 1 ? "batch means" : "operations"));
	json_object_set_new(json, "ops_per_timing", json_integer((json_int_t)ops_per_timing));
	return json;
}

json_t *descriptor_latency_json(const struct hist *h, const struct descriptor_sums *sums,
				const struct case_params *p)
{
	json_t *json = hist_json(h);

	json_object_set_new(json, "depth", json_integer(p->depth));
	/* By Little's law: the sum of the times spent in flight over the time there was. */
	json_object_set_new(json, "in_flight",
			    sums->total_ns
				    ? json_real((double)sums->busy_ns / (double)sums->total_ns)
				    : json_null());
	json_object_set_new(json, "per_op",
			    sums->ops ? json_real((double)sums->descriptors / (double)sums->ops)
				      : json_null());
	json_object_set_new(json, "unrecorded", json_integer((json_int_t)sums->unrecorded));
	return json;
}

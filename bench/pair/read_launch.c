// SPDX-License-Identifier: GPL-2.0-only
#include "read_launch.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const json_t *at(const json_t *json, const char *a, const char *b)
{
	json = json_object_get(json, a);
	return b ? json_object_get(json, b) : json;
}

static double number(const json_t *json, const char *a, const char *b)
{
	return json_number_value(at(json, a, b));
}

static uint64_t count(const json_t *json, const char *a, const char *b)
{
	json_int_t value = json_integer_value(at(json, a, b));

	return value > 0 ? (uint64_t)value : 0;
}

static void copy_text(char *to, size_t len, const json_t *from)
{
	snprintf(to, len, "%s", json_is_string(from) ? json_string_value(from) : "not said");
}

static bool read_hist(const json_t *json, struct hist *h)
{
	const json_t *buckets = json_object_get(json, "buckets"), *bucket;
	size_t i;

	if (!json_is_array(buckets))
		return false;
	json_array_foreach(buckets, i, bucket) {
		json_int_t n = json_integer_value(json_array_get(bucket, 1));
		double ns = json_number_value(json_array_get(bucket, 0));

		if (n < 1 || !(ns >= 0) || ns > 1e18)
			return false;
		hist_record_many(h, ns, (uint64_t)n);
	}
	h->max_ns = number(json, "max", NULL);
	return true;
}

static bool read_samples(const json_t *launch, struct launch_result *l)
{
	const json_t *samples = json_object_get(launch, "samples_ns_per_op"), *value;
	size_t n = json_array_size(samples), i;

	if (!n || n > MAX_SAMPLES)
		return false;
	l->samples = (unsigned int)n;
	json_array_foreach(samples, i, value)
		l->sample_ns_per_op[i] = json_number_value(value);
	l->ops = count(launch, "ops", NULL);
	l->cpu = (int)count(launch, "placement", "cpu");
	l->clock.cost_ns = number(launch, "clock", "cost_ns");
	l->clock.resolution_ns = number(launch, "clock", "resolution_ns");
	l->window_ns = number(launch, "clock", "window_ns");
	if (json_is_string(json_object_get(launch, "variant")))
		copy_text(l->variant, sizeof(l->variant), json_object_get(launch, "variant"));
	return l->ops > 0;
}

static void read_cpu(const json_t *cpu, struct launch_result *l)
{
	l->have_cpu = json_is_number(at(cpu, "caller", "value")) &&
		      json_is_number(at(cpu, "machine", "value")) &&
		      json_is_number(at(cpu, "left", "value"));
	l->cpu_caller = number(cpu, "caller", "value");
	l->cpu_machine = number(cpu, "machine", "value");
	l->cpu_left = number(cpu, "left", "value");
	copy_text(l->no_cpu_reason, sizeof(l->no_cpu_reason), at(cpu, "caller", "reason"));
}

/* The mean of an operation in the file; the sum over all of them here. */
static uint64_t sum_of(const json_t *stages, const char *name, uint64_t ops)
{
	return (uint64_t)llround(number(stages, name, NULL) * (double)ops);
}

static void read_stages(const json_t *s, struct launch_result *l)
{
	if (!json_is_object(s))
		return;
	l->stages = (struct stage_sums){
		.ops = l->ops,
		.total = sum_of(s, "total", l->ops),
		.pin = sum_of(s, "pin", l->ops),
		.map = sum_of(s, "map", l->ops),
		.submit = sum_of(s, "submit", l->ops),
		.wait = sum_of(s, "wait", l->ops),
		.unmap = sum_of(s, "unmap", l->ops),
		.unpin = sum_of(s, "unpin", l->ops),
		.descriptors = sum_of(s, "descriptors", l->ops),
		.sg_src_pinned = sum_of(s, "sg_src_pinned", l->ops),
		.sg_src_mapped = sum_of(s, "sg_src_mapped", l->ops),
		.sg_dst_pinned = sum_of(s, "sg_dst_pinned", l->ops),
		.sg_dst_mapped = sum_of(s, "sg_dst_mapped", l->ops),
	};
}

static void read_submissions(const json_t *s, struct launch_result *l)
{
	if (!json_is_object(s))
		return;
	l->submissions = (struct submission_sums){
		.ops = l->ops,
		.descriptors = sum_of(s, "descriptors", l->ops),
		.faults = sum_of(s, "faults", l->ops),
		.retries = sum_of(s, "retries", l->ops),
	};
}

static void read_use(const json_t *s, struct launch_result *l)
{
	if (!json_is_object(s))
		return;
	l->use = (struct use_sums){
		.ops = l->ops,
		.write = sum_of(s, "write", l->ops),
		.operation = sum_of(s, "operation", l->ops),
		.read = sum_of(s, "read", l->ops),
	};
}

static void read_fresh(const json_t *s, struct launch_result *l)
{
	if (!json_is_object(s))
		return;
	l->fresh = (struct fresh_sums){ .ops = l->ops,
					.pages = sum_of(s, "pages", l->ops),
					.faults = sum_of(s, "faults", l->ops) };
}

/* Only the rate is in a result. */
static void read_load(const json_t *json, struct launch_result *l)
{
	if (!json_is_object(json))
		return;
	l->load = (struct load_sums){ count(json, "value", NULL), 1000000000 };
	l->load_cpus = (unsigned int)count(json, "cpus", NULL);
}

static void read_events(const json_t *events, size_t size, struct launch_result *l)
{
	struct event_totals *t = &l->events;

	copy_text(t->reason, sizeof(t->reason), at(events, event_kinds[0].name, "reason"));
	t->ops = count(events, "ops", NULL);
	t->launches = t->ops > 0;
	for (int i = 0; i < EVENTS; i++) {
		const json_t *event = json_object_get(events, event_kinds[i].name);
		const json_t *value = json_object_get(event, "value");
		struct event_count *c = &t->of[i];

		c->have = json_is_number(value);
		copy_text(c->reason, sizeof(c->reason), json_object_get(event, "reason"));
		c->count = json_number_value(value) * (double)t->ops *
			   (event_kinds[i].software ? 1 : (double)size);
		c->user_only = !json_is_true(json_object_get(event, "kernel"));
		c->running = number(event, "running", NULL);
	}
}

static bool read_descriptors(const json_t *json, struct launch_result *l)
{
	struct descriptor_sums *d = &l->descriptors;
	double per_op = number(json, "per_op", NULL), in_flight = number(json, "in_flight", NULL);
	double ns, busy = 0;
	uint64_t n;
	size_t i = 0;

	if (!json_is_object(json))
		return true;
	if (!read_hist(json, &l->descriptor_latency))
		return false;
	while (hist_next(&l->descriptor_latency, &i, &ns, &n))
		busy += ns * (double)n;
	d->unrecorded = count(json, "unrecorded", NULL);
	d->descriptors = l->descriptor_latency.count + d->unrecorded;
	d->busy_ns = (uint64_t)llround(busy);
	if (per_op > 0)
		d->ops = (uint64_t)llround((double)d->descriptors / per_op);
	if (in_flight > 0)
		d->total_ns = (uint64_t)llround(busy / in_flight);
	return true;
}

static void read_touch(const json_t *c, const json_t *launch, struct first_touch *t)
{
	const json_t *json = json_object_get(c, "first_touch");
	const json_t *cold = json_object_get(launch, "first_touch_cold_ns_per_line");

	t->known = json_is_number(cold);
	t->cold_ns = json_number_value(cold);
	t->hot_ns = number(launch, "first_touch_hot_ns_per_line", NULL);
	t->lines = count(json, "lines", NULL);
	copy_text(t->reason, sizeof(t->reason), json_object_get(json, "reason"));
}

/* Rates in units of the neighbour's own before: only their quotients are in a result. */
static void read_neighbour(const json_t *json, struct launch_result *l)
{
	struct neighbour *n = &l->neighbour;

	l->have_neighbour = json_is_object(json);
	for (int kind = 0; kind < CO_RUNNER_KINDS; kind++) {
		const json_t *of = json_object_get(json, co_runner_names[kind]);
		double drift = number(of, "drift", NULL) / 100;

		l->have_neighbour &= json_is_number(json_object_get(of, "value"));
		copy_text(l->no_neighbour_reason, sizeof(l->no_neighbour_reason),
			  json_object_get(of, "reason"));
		n->before[kind] = 1;
		n->after[kind] = 1 + drift;
		n->with[kind] = (1 + drift / 2) / (1 + number(of, "value", NULL) / 100);
		n->path_with[kind] = 1 + number(of, "path", NULL) / 100;
		n->working_set[kind] = count(of, "working_set", NULL);
	}
	n->path_alone = 1;
	n->cpu = (int)count(json, "cpu", NULL);
	n->smt_sibling = json_is_true(json_object_get(json, "smt_sibling"));
	n->shares_cpu = json_is_true(json_object_get(json, "shares_cpu"));
}

static int refuse(char *why, size_t len, const char *what)
{
	snprintf(why, len, "its launch has no %s", what);
	return -EINVAL;
}

int read_launch(const json_t *c, size_t size, struct launch_result *l, char *why, size_t len)
{
	static const char *const words[] = {
		[LAUNCH_OK] = "ok", [LAUNCH_SKIPPED] = "skipped", [LAUNCH_FAILED] = "failed"
	};
	const char *status = json_string_value(json_object_get(c, "status"));
	const json_t *launches = json_object_get(c, "launches");
	const json_t *launch = json_array_get(launches, 0);

	memset(l, 0, sizeof(*l));
	for (int i = 1; i < 3; i++)
		if (status && !strcmp(status, words[i])) {
			l->status = (enum launch_status)i;
			copy_text(l->reason, sizeof(l->reason), json_object_get(c, "reason"));
			return 0;
		}
	if (!status || strcmp(status, words[LAUNCH_OK]) || json_array_size(launches) != 1)
		return refuse(why, len, "status ok and one launch");
	if (!read_samples(launch, l))
		return refuse(why, len, "samples");
	if (!read_hist(json_object_get(c, "latency"), &l->latency))
		return refuse(why, len, "histogram of latencies");
	if (!read_descriptors(json_object_get(c, "descriptor_latency"), l))
		return refuse(why, len, "histogram of descriptors");
	l->ops_per_timing = count(c, "latency", "ops_per_timing");
	l->verified_bytes = count(c, "verified_bytes", NULL);
	l->verified_whole = count(c, "verified_ops", "whole");
	l->verified_spots = count(c, "verified_ops", "spots");
	read_cpu(json_object_get(c, "cpu"), l);
	read_stages(json_object_get(c, "stages"), l);
	read_submissions(json_object_get(c, "submissions"), l);
	read_use(json_object_get(c, "use"), l);
	read_fresh(json_object_get(c, "fresh"), l);
	read_load(json_object_get(c, "load"), l);
	read_events(json_object_get(c, "events"), size, l);
	read_touch(c, launch, &l->first_touch);
	read_neighbour(json_object_get(c, "neighbour"), l);
	return 0;
}

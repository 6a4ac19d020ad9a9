// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer over the reader and everything that compare does with what it read: make fuzz.
 * An input is BASE, or BASE and NEW with a zero byte between. Half of the mutations are of
 * the JSON and not of its text, so that they get past the parser.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compare/compare.h"
#include "compare/input.h"
#include "compare/report.h"
#include "options/options.h"
#include "statistics/rng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed);

#define MUST(what)               \
	do {                     \
		if (!(what))     \
			abort(); \
	} while (0)

/* As a file, since a file is what is read. */
static json_t *read_part(const uint8_t *data, size_t size)
{
	static int fd = -1;
	char path[32], why[512];
	json_t *json;

	if (fd < 0)
		fd = memfd_create("input", MFD_CLOEXEC);
	MUST(fd >= 0 && !ftruncate(fd, 0) && pwrite(fd, data, size, 0) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(why, 0, sizeof(why));
	json = input_read(path, why, sizeof(why));
	/* What is refused is refused with a reason. */
	MUST(json || why[0]);
	return json;
}

static void compare_once(json_t *base, json_t *now, bool paired)
{
	struct compare_options o = { .rule = rule_default,
				     .location = LOCATION_P10,
				     .file = { "base", "new" },
				     .changed = paired ? "kernel,iommu" : NULL };
	struct compare cmp = { .options = &o, .json = { base, now } };
	const char *file;
	char why[512];
	int ret;

	o.rule.paired = paired;
	for (size_t i = 0; i < FIGURES; i++)
		o.figure[i] = i == FIGURE_TIME || paired;
	for (size_t i = 0; i < FORMATS; i++) {
		o.outputs[i].format = (enum format)i;
		o.outputs[i].file = "/dev/null";
	}
	o.noutputs = FORMATS;
	ret = compare_results(&cmp, why, sizeof(why));
	if (!ret) {
		/* Nothing is a pass that isn't one. */
		MUST(cmp.status != EXIT_OK ||
		     (cmp.comparable && cmp.compared && !cmp.counts[VERDICT_FAIL]));
		MUST(base != now || !cmp.counts[VERDICT_FAIL]);
		MUST(!report_all(&cmp, &file));
	}
	compare_free(&cmp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
	size_t first = zero ? (size_t)(zero - data) : size;
	json_t *base = read_part(data, first), *now;

	now = zero ? read_part(zero + 1, size - first - 1) : json_incref(base);
	if (base && now) {
		compare_once(base, now, false);
		compare_once(base, now, true);
	}
	json_decref(base);
	json_decref(now);
	return 0;
}

static json_t *odd_value(uint64_t *rng)
{
	static const double numbers[] = { 0, -1, 1e-300, 1e-7, 0.5, 200, 1e17, 1e300 };

	switch (rng_below(rng, 8)) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(rng_below(rng, 2));
	case 2:
		return json_object();
	case 3:
		return json_array();
	case 4:
		return json_string("\xc3\xa9<&|#`\x1b");
	case 5:
		return json_string("ok");
	case 6:
		return json_integer((json_int_t)rng_next(rng));
	}
	return json_real(numbers[rng_below(rng, 8)]);
}

/* Change something somewhere below json. */
static void mutate(json_t *json, uint64_t *rng)
{
	size_t n = json_is_object(json) ? json_object_size(json) : json_array_size(json), at;
	json_t *child = NULL;
	const char *key = NULL;
	void *iter;

	if (!n)
		return;
	at = rng_below(rng, n);
	if (json_is_object(json)) {
		iter = json_object_iter(json);
		for (size_t i = 0; i < at; i++)
			iter = json_object_iter_next(json, iter);
		key = json_object_iter_key(iter);
		child = json_object_iter_value(iter);
	} else {
		child = json_array_get(json, at);
	}
	if (json_is_number(child) && rng_below(rng, 2)) {
		double v = json_number_value(child) * (0.5 + (double)rng_below(rng, 1000) / 700);

		child = isfinite(v) ? json_real(v) : json_null();
	} else if ((json_is_object(child) || json_is_array(child)) && rng_below(rng, 6)) {
		mutate(child, rng);
		return;
	} else if (!rng_below(rng, 3)) {
		key ? json_object_del(json, key) : json_array_remove(json, at);
		return;
	} else if (!key && rng_below(rng, 2)) {
		json_array_append_new(json, json_deep_copy(child));
		return;
	} else {
		child = odd_value(rng);
	}
	key ? json_object_set_new(json, key, child) : json_array_set_new(json, at, child);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed)
{
	uint64_t rng = seed;
	const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
	size_t first = zero ? (size_t)(zero - data) : size, len;
	json_t *json = NULL;
	char *text = NULL;

	if (rng_below(&rng, 2))
		json = json_loadb((char *)data, first, 0, NULL);
	if (json)
		for (uint64_t i = rng_below(&rng, 3) + 1; i; i--)
			mutate(json, &rng);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	len = text ? strlen(text) : 0;
	if (!text || 2 * len + 1 > most) {
		size = LLVMFuzzerMutate(data, size, most);
	} else if (first == size || rng_below(&rng, 2)) {
		/* The original and what became of it, as BASE and NEW. */
		if (first + 1 + len <= most) {
			data[first] = 0;
			memcpy(data + first + 1, text, len);
			size = first + 1 + len;
		}
	} else {
		memcpy(data, text, len);
		size = len;
	}
	free(text);
	json_decref(json);
	return size;
}

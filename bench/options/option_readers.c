// SPDX-License-Identifier: GPL-2.0-only
#include "option_readers.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "machine/nodes.h"
#include "paths/calls/calls.h"
#include "paths/engines.h"
#include "text/parse.h"

#define MAX_SIZE (1ull << 46) /* 64 TiB: beyond it, sums of sizes and guards could wrap */
#define MS 1000000ull

static int add(struct numbers *list, uint64_t value)
{
	if (list->n == MAX_VALUES)
		return -E2BIG;
	list->v[list->n++] = value;
	return 0;
}

static struct numbers *list_of(struct parser *p, const struct option *row)
{
	return (struct numbers *)((char *)&p->axes + row->at);
}

struct part_arg {
	struct parser *p;
	const struct option *row;
};

static int one_size(const char *part, void *data)
{
	struct part_arg *arg = data;
	uint64_t value;
	int ret = parse_size(part, &value);

	if (ret)
		return ret;
	if (value > MAX_SIZE || (!value && arg->row->max))
		return -ERANGE;
	return add(list_of(arg->p, arg->row), value);
}

static int one_number(const char *part, void *data)
{
	struct part_arg *arg = data;
	uint64_t value;
	int ret = parse_u64(part, arg->row->max, &value);

	return ret ? ret : add(list_of(arg->p, arg->row), value);
}

static int one_vector(const char *part, void *data)
{
	struct part_arg *arg = data;
	uint64_t value;
	int ret = parse_u64(part, arg->row->max, &value);

	if (ret)
		return ret;
	if (value && value != 128 && value != 256 && value != 512)
		return -EINVAL;
	return add(list_of(arg->p, arg->row), value);
}

static int one_node(const char *part, void *data)
{
	struct part_arg *arg = data;
	uint64_t value;
	int ret = parse_u64(part, MAX_NODES - 1, &value);

	if (ret)
		return ret;
	if (!node_exists((int)value))
		return -ENODEV;
	return add(list_of(arg->p, arg->row), value);
}

#define WORDS(field, names, n)                         \
	{                                              \
		offsetof(struct axes, field), names, n \
	}

static const struct {
	size_t list;
	const char *const *names;
	size_t n;
} words[] = {
	WORDS(pages, page_names, PAGES_KINDS),
	WORDS(cache, cache_names, CACHE_STATES),
	WORDS(wait, wait_names, WAIT_MODES),
	WORDS(dsa_submit, dsa_submit_names, DSA_SUBMITS),
	WORDS(dsa_wait, dsa_wait_names, DSA_WAITS),
	WORDS(dsa_fault, dsa_fault_names, DSA_FAULTS),
	WORDS(cc, cc_names, CC_WAYS),
	WORDS(use, use_names, USES),
	WORDS(touch, touch_names, TOUCHES),
	WORDS(direction, direction_names, DIRECTIONS),
};

static int one_word(const char *part, void *data)
{
	struct part_arg *arg = data;
	int index = -EINVAL;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].list == arg->row->at)
			index = parse_word(part, words[i].names, words[i].n);
	return index < 0 ? index : add(list_of(arg->p, arg->row), (uint64_t)index);
}

static int one_path(const char *part, void *data)
{
	struct part_arg *arg = data;
	struct axes *axes = &arg->p->axes;
	const struct copy_path *path = path_find(part);

	if (!path)
		path = call_find(part);
	if (!path)
		return -EINVAL;
	if (axes->npaths == sizeof(axes->paths) / sizeof(axes->paths[0]))
		return -E2BIG;
	axes->paths[axes->npaths++] = path;
	return 0;
}

static int add_label(struct labels *list, const char *part)
{
	int ret;

	if (strlen(part) >= ENGINE_LABEL_LEN || list->n == sizeof(list->v) / sizeof(list->v[0]))
		return -E2BIG;
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], part))
			return -EEXIST;
	ret = engine_label_check(part);
	if (!ret)
		strcpy(list->v[list->n++], part);
	return ret;
}

static int one_engine(const char *part, void *data)
{
	struct part_arg *arg = data;
	struct axes *axes = &arg->p->axes;
	int ret;

	if (!strcmp(part, "all"))
		axes->all_engines = true;
	if (axes->all_engines && (axes->engine[0].n || strcmp(part, "all")))
		return -EINVAL;
	ret = add_label(&axes->engine[0], part);
	/* Whose they are isn't known yet: a path says of a label that it has none of it. */
	for (int family = 1; !ret && family < ENGINE_FAMILIES; family++)
		axes->engine[family] = axes->engine[0];
	return ret;
}

static int one_dsa_queue(const char *part, void *data)
{
	struct part_arg *arg = data;

	return add_label(&arg->p->axes.dsa_queue, part);
}

static int read_list(struct parser *p, const struct option *row, const char *text,
		     int (*one)(const char *, void *))
{
	struct part_arg arg = { p, row };

	return parse_list(text, one, &arg, option_bad_part, sizeof(option_bad_part));
}

#define LIST_READER(name)                                                          \
	int read_##name##s(void *into, const struct option *row, const char *text) \
	{                                                                          \
		return read_list(into, row, text, one_##name);                     \
	}
LIST_READER(size)
LIST_READER(number)
LIST_READER(vector)
LIST_READER(node)
LIST_READER(word)
LIST_READER(path)
LIST_READER(engine)
LIST_READER(dsa_queue)

static int read_scalar(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	int ret = parse_u64(text, max, value);

	if (!ret && *value < min)
		ret = -ERANGE;
	return ret;
}

int read_launches(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	uint64_t v;
	int ret = read_scalar(text, 1, row->max, &v);

	if (!ret)
		p->o->launches = (unsigned int)v;
	return ret;
}

int read_samples(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	uint64_t v;
	int ret = read_scalar(text, 1, row->max, &v);

	if (!ret)
		p->o->measure.samples = (unsigned int)v;
	return ret;
}

/* Milliseconds into the field of struct measure_config at row->at. */
int read_ms(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	uint64_t v;
	int ret = read_scalar(text, 0, row->max, &v);

	if (!ret)
		*(uint64_t *)((char *)&p->o->measure + row->at) = v * MS;
	return ret;
}

int read_seed(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	return read_scalar(text, 0, row->max, &p->o->measure.seed);
}

int read_output(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	p->o->output = text;
	return *text ? 0 : -EINVAL;
}

/* A word that ends up in ids: letters, digits, dash, underscore and point. */
static int read_id(const char *text, const char **to)
{
	if (!*text || strlen(text) > 31 ||
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")])
		return -EINVAL;
	*to = text;
	return 0;
}

int read_env(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	return read_id(text, &p->o->env_id);
}

int read_mode(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	return read_id(text, &p->o->mode);
}

int read_force(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	(void)text;
	p->o->force = true;
	return 0;
}

int read_ids(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	(void)text;
	p->o->ids = true;
	return 0;
}

int read_part(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	(void)text;
	p->o->part = true;
	return 0;
}

int read_dry_run(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	(void)text;
	p->o->dry_run = true;
	return 0;
}

int read_numa_matrix(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	(void)text;
	p->axes.numa_matrix = true;
	return 0;
}

int read_only(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	(void)row;
	if (p->o->nonly == MAX_ONLY)
		return -E2BIG;
	p->o->only[p->o->nonly++] = text;
	return *text ? 0 : -EINVAL;
}

int read_state_ms(void *into, const struct option *row, const char *text)
{
	struct parser *p = into;
	uint64_t v;
	int ret = read_scalar(text, 0, row->max, &v);

	if (!ret)
		p->o->state_ns = v * MS;
	return ret;
}

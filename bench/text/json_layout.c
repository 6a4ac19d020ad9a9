// SPDX-License-Identifier: GPL-2.0-only
#include "json_layout.h"

#include <stdbool.h>
#include <stdint.h>

#define DUMP_FLAGS (JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9))
#define MOST_LEVELS 64

/* Where in the text we are. A result is a dozen levels deep. */
struct layout {
	FILE *f;
	bool in_string, escaped;
	unsigned int depth;
	uint64_t lists; /* bit n: level n is a list */
};

/* Is this character of the indented text kept? */
static bool keep(struct layout *l, char c)
{
	if (l->in_string) {
		l->in_string = l->escaped || c != '"';
		l->escaped = !l->escaped && c == '\\';
		return true;
	}
	switch (c) {
	case '"':
		l->in_string = true;
		return true;
	case '[':
	case '{':
		l->depth++;
		l->lists = l->lists << 1 | (c == '[');
		return true;
	case ']':
	case '}':
		l->depth--;
		l->lists >>= 1;
		return true;
	case ' ':
	case '\n':
		return !(l->lists & 1);
	default:
		return true;
	}
}

static int write_kept(const char *text, size_t size, void *data)
{
	struct layout *l = data;

	for (size_t i = 0; i < size; i++) {
		if (keep(l, text[i]) && putc_unlocked(text[i], l->f) == EOF)
			return -1;
		if (l->depth > MOST_LEVELS)
			return -1;
	}
	return 0;
}

int json_write(const json_t *json, FILE *f)
{
	struct layout l = { .f = f };

	return json_dump_callback(json, write_kept, &l, DUMP_FLAGS);
}

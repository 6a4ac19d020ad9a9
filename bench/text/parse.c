// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The digits at the start of text; -EINVAL if there are none. *end is behind them. */
static int digits(const char *text, const char **end, uint64_t *out)
{
	uint64_t value = 0;
	const char *p = text;

	if (!isdigit((unsigned char)*p))
		return -EINVAL;
	for (; isdigit((unsigned char)*p); p++) {
		unsigned int d = (unsigned int)(*p - '0');

		if (value > (UINT64_MAX - d) / 10)
			return -ERANGE;
		value = value * 10 + d;
	}
	*end = p;
	*out = value;
	return 0;
}

int parse_u64(const char *text, uint64_t max, uint64_t *out)
{
	const char *end;
	uint64_t value;
	int ret = digits(text, &end, &value);

	if (ret)
		return ret;
	if (*end)
		return -EINVAL;
	if (value > max)
		return -ERANGE;
	*out = value;
	return 0;
}

int parse_size(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	const char *end, *unit;
	uint64_t value;
	unsigned int shift = 0;
	int ret = digits(text, &end, &value);

	if (ret)
		return ret;
	if (*end) {
		unit = strchr(units, toupper((unsigned char)*end));
		if (!unit)
			return -EINVAL;
		shift = 10 * (unsigned int)(unit - units + 1);
		end++;
		if (!strcmp(end, "iB"))
			end += 2;
	}
	if (*end)
		return -EINVAL;
	if (shift && value > UINT64_MAX >> shift)
		return -ERANGE;
	*out = value << shift;
	return 0;
}

const char *format_size(uint64_t bytes, char *buf, size_t len)
{
	static const char units[] = "\0KMGT";
	unsigned int unit = 0;

	while (bytes && !(bytes % 1024) && unit < 4) {
		bytes /= 1024;
		unit++;
	}
	if (unit)
		snprintf(buf, len, "%" PRIu64 "%c", bytes, units[unit]);
	else
		snprintf(buf, len, "%" PRIu64, bytes);
	return buf;
}

int parse_word(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(text, names[i]))
			return (int)i;
	return -EINVAL;
}

int parse_list(const char *text, int (*one)(const char *part, void *arg), void *arg, char *bad,
	       size_t bad_len)
{
	for (;;) {
		size_t len = strcspn(text, ",");
		int ret = -EINVAL;

		snprintf(bad, bad_len, "%.*s", (int)len, text);
		if (len && len < bad_len)
			ret = one(bad, arg);
		if (ret)
			return ret;
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

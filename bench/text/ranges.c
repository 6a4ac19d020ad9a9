// SPDX-License-Identifier: GPL-2.0-only
#include "ranges.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A number at *text, which moves behind it. */
static int number(const char **text, unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	*value = strtoul(*text, &end, 10);
	*text = end;
	return errno ? -EINVAL : 0;
}

static int parse(const char *text, bool *set, size_t n)
{
	while (*text) {
		unsigned long first, last;
		int ret = number(&text, &first);

		last = first;
		if (!ret && *text == '-') {
			text++;
			ret = number(&text, &last);
		}
		if (ret || last < first || (*text && *text != ','))
			return -EINVAL;
		for (unsigned long i = first; i <= last && i < n; i++)
			set[i] = true;
		if (*text && !*++text)
			return -EINVAL;
	}
	return 0;
}

int ranges_parse(const char *text, bool *set, size_t n)
{
	int ret;

	memset(set, 0, n * sizeof(*set));
	ret = parse(text, set, n);
	if (ret)
		memset(set, 0, n * sizeof(*set));
	return ret;
}

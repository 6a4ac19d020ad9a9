// SPDX-License-Identifier: GPL-2.0-only
#include "files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int read_line(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");
	int ret = 0;

	buf[0] = '\0';
	if (!f)
		return -errno;
	if (!fgets(buf, (int)len, f))
		ret = -EIO;
	fclose(f);
	buf[strcspn(buf, "\n")] = '\0';
	return ret;
}

int read_key_text(const char *path, const char *key, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");
	int ret = -ENOENT;

	if (!f)
		return -errno;
	while (ret && fgets(buf, (int)len, f)) {
		if (strncmp(buf, key, strlen(key)))
			continue;
		buf[strcspn(buf, "\n")] = '\0';
		memmove(buf, buf + strlen(key), strlen(buf + strlen(key)) + 1);
		memmove(buf, buf + strspn(buf, " \t"), strlen(buf + strspn(buf, " \t")) + 1);
		ret = 0;
	}
	fclose(f);
	return ret;
}

int read_key(const char *path, const char *key, unsigned long long *value)
{
	FILE *f = fopen(path, "re");
	char line[512];
	int ret = -ENOENT;

	if (!f)
		return -errno;
	while (ret && fgets(line, sizeof(line), f)) {
		if (strncmp(line, key, strlen(key)))
			continue;
		if (sscanf(line + strlen(key), " %llu", value) == 1)
			ret = 0;
	}
	fclose(f);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Everything is in the file, or an error. Closes f. */
static int fill(FILE *f, const char *text, size_t len, bool sync)
{
	int ret = 0;

	errno = 0;
	if (fwrite(text, 1, len, f) != len || fflush(f))
		ret = errno ? -errno : -EIO;
	if (!ret && sync && fsync(fileno(f)))
		ret = -errno;
	if (fclose(f) && !ret)
		ret = -errno;
	return ret;
}

static int write_through(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "we");

	return f ? fill(f, text, len, false) : -errno;
}

int replace_file(const char *path, const char *text, size_t len)
{
	char *temp;
	struct stat st;
	FILE *f;
	int fd, ret;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : write_through(path, text, len);
	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkstemp(temp);
	if (fd < 0) {
		ret = -errno;
		goto free;
	}
	fchmod(fd, 0644);
	f = fdopen(fd, "w");
	ret = f ? fill(f, text, len, true) : -errno;
	if (!ret && rename(temp, path))
		ret = -errno;
	if (ret)
		unlink(temp);
free:
	free(temp);
	return ret;
}

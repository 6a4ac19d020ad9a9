// SPDX-License-Identifier: GPL-2.0-only
#include "files.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return !strncmp(path, folder, len) && (!path[len] || path[len] == '/');
}

/* Where a path really is, in buf if it isn't where it says; NULL if that is too long. */
static const char *rooted(const char *path, char *buf, size_t len)
{
	const char *root = getenv(SYSROOT_VARIABLE);

	if (!root || !*root ||
	    (!is_below(path, "/proc") && !is_below(path, "/sys") && !is_below(path, "/dev")))
		return path;
	if (snprintf(buf, len, "%s%s", root, path) < (int)len)
		return buf;
	errno = ENAMETOOLONG;
	return NULL;
}

FILE *sys_file(const char *path)
{
	char buf[PATH_MAX];
	const char *at = rooted(path, buf, sizeof(buf));

	return at ? fopen(at, "re") : NULL;
}

DIR *sys_folder(const char *path)
{
	char buf[PATH_MAX];
	const char *at = rooted(path, buf, sizeof(buf));

	return at ? opendir(at) : NULL;
}

int sys_usable(const char *path)
{
	char buf[PATH_MAX];
	const char *at = rooted(path, buf, sizeof(buf));
	struct stat st;

	if (!at || stat(at, &st))
		return -errno;
	return access(at, S_ISDIR(st.st_mode) ? R_OK : R_OK | W_OK) ? -errno : 0;
}

bool sys_rooted(void)
{
	const char *root = getenv(SYSROOT_VARIABLE);

	return root && *root;
}

int read_line(const char *path, char *buf, size_t len)
{
	FILE *f = sys_file(path);
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
	FILE *f = sys_file(path);
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

/* What callers make bytes of must fit then. */
#define MOST_OF_A_KEY ((unsigned long long)INT64_MAX / 1024)

int read_key(const char *path, const char *key, unsigned long long *value)
{
	FILE *f = sys_file(path);
	unsigned long long number;
	char line[512], *at;
	int ret = -ENOENT;

	if (!f)
		return -errno;
	while (ret && fgets(line, sizeof(line), f)) {
		if (strncmp(line, key, strlen(key)))
			continue;
		at = line + strlen(key) + strspn(line + strlen(key), " \t");
		errno = 0;
		number = strtoull(at, NULL, 10);
		if (!isdigit((unsigned char)*at) || errno || number > MOST_OF_A_KEY)
			continue;
		*value = number;
		ret = 0;
	}
	fclose(f);
	return ret;
}

int read_number(const char *path, unsigned long long *value)
{
	char line[64], *end;
	int ret = read_line(path, line, sizeof(line));

	if (ret)
		return ret;
	errno = 0;
	*value = strtoull(line, &end, 10);
	return end == line || *end || errno ? -EINVAL : 0;
}

static int ascending(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

size_t sys_numbered(const char *folder, const char *prefix, int *numbers, size_t max)
{
	DIR *d = sys_folder(folder);
	struct dirent *entry;
	size_t n = 0, len = strlen(prefix);

	while (d && n < max && (entry = readdir(d))) {
		const char *digits = entry->d_name + len;

		if (strncmp(entry->d_name, prefix, len) || !*digits ||
		    digits[strspn(digits, "0123456789")] || strlen(digits) > 6)
			continue;
		numbers[n++] = atoi(digits);
	}
	if (d)
		closedir(d);
	qsort(numbers, n, sizeof(*numbers), ascending);
	return n;
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

int whole_output_begin(struct whole_output *whole)
{
	*whole = (struct whole_output){ 0 };
	whole->to = open_memstream(&whole->text, &whole->len);
	return whole->to ? 0 : -ENOMEM;
}

int whole_output_end(struct whole_output *whole, const char *path)
{
	int ret = ferror(whole->to) ? -ENOMEM : 0;

	if (fclose(whole->to) || !whole->len)
		ret = -ENOMEM;
	if (!ret && path)
		ret = replace_file(path, whole->text, whole->len);
	else if (!ret && fwrite(whole->text, 1, whole->len, stdout) != whole->len)
		ret = -EIO;
	free(whole->text);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char result_name[] = "result.json";

/* A link that leads nowhere is to be one, and who reads it says so. */
static bool is_file(const char *folder, const char *name)
{
	char *path;
	struct stat st;
	bool is;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return false;
	is = !lstat(path, &st) && (stat(path, &st) ? S_ISLNK(st.st_mode) : S_ISREG(st.st_mode));
	free(path);
	return is;
}

static bool ends_in_json(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".json");
}

/* ENTRY/NAME if that is a file of the folder; NULL: it isn't. */
static char *file_in(const char *folder, const char *entry, const char *name)
{
	char *file;

	if (asprintf(&file, "%s/%s", entry, name) < 0)
		return NULL;
	if (is_file(folder, file))
		return file;
	free(file);
	return NULL;
}

/* A link to a machine's folder that isn't there. */
static bool leads_nowhere(const char *folder, const char *entry)
{
	char *path;
	struct stat st;
	bool does;

	if (asprintf(&path, "%s/%s", folder, entry) < 0)
		return false;
	does = !lstat(path, &st) && S_ISLNK(st.st_mode) && stat(path, &st);
	free(path);
	return does;
}

/* The file that this entry of the folder is or has; NULL: none. */
static char *file_of(const char *folder, const char *entry, const char *also)
{
	char *file;

	if ((ends_in_json(entry) && is_file(folder, entry)) || leads_nowhere(folder, entry))
		return strdup(entry);
	file = file_in(folder, entry, result_name);
	if (!file && also)
		file = file_in(folder, entry, also);
	return file;
}

char *result_file_name(const char *path)
{
	const char *end = strrchr(path, '/'), *base = end ? end + 1 : path;

	if (strcmp(base, result_name) || !end) {
		size_t len = strlen(base);

		return strndup(base, ends_in_json(base) ? len - 5 : len);
	}
	for (base = end; base > path && base[-1] != '/'; base--)
		;
	return strndup(base, (size_t)(end - base));
}

static int add(struct result_files *files, char *file, const char *entry)
{
	struct result_file *more = realloc(files->v, (files->n + 1) * sizeof(*more));
	size_t len = strlen(entry);

	if (!more)
		return -ENOMEM;
	files->v = more;
	more[files->n].file = file;
	/* An entry that is the file itself goes without its ending. */
	more[files->n].name =
		strndup(entry, !strcmp(file, entry) && ends_in_json(entry) ? len - 5 : len);
	if (!more[files->n].name)
		return -ENOMEM;
	files->n++;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct result_file *x = a, *y = b;

	return strcmp(x->file, y->file);
}

/* What file_of() makes of each entry. */
static int list(const char *folder, const char *also,
		char *(*of)(const char *folder, const char *entry, const char *also),
		struct result_files *files)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int ret = 0;

	*files = (struct result_files){ 0 };
	if (!dir)
		return -errno;
	while (!ret && (entry = readdir(dir))) {
		char *file = entry->d_name[0] == '.' ? NULL : of(folder, entry->d_name, also);

		ret = file ? add(files, file, entry->d_name) : 0;
		if (ret)
			free(file);
	}
	closedir(dir);
	if (files->n)
		qsort(files->v, files->n, sizeof(*files->v), by_name);
	return ret;
}

int result_files(const char *folder, const char *also, struct result_files *files)
{
	return list(folder, also, file_of, files);
}

static char *folder_of(const char *folder, const char *entry, const char *also)
{
	char *path, *file;
	struct stat st;
	bool is;

	(void)also;
	if (asprintf(&path, "%s/%s", folder, entry) < 0)
		return NULL;
	is = !stat(path, &st) && S_ISDIR(st.st_mode);
	free(path);
	file = is ? file_in(folder, entry, result_name) : NULL;
	if (!is || file) {
		free(file);
		return NULL;
	}
	return strdup(entry);
}

int result_folders(const char *folder, struct result_files *folders)
{
	return list(folder, NULL, folder_of, folders);
}

void result_files_free(struct result_files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->v[i].file);
		free(files->v[i].name);
	}
	free(files->v);
	*files = (struct result_files){ 0 };
}

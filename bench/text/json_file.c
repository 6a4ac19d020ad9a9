// SPDX-License-Identifier: GPL-2.0-only
#include "json_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static size_t read_some(void *buffer, size_t len, void *file)
{
	size_t n = fread(buffer, 1, len, file);

	return ferror((FILE *)file) ? (size_t)-1 : n;
}

/* Not by json_load_file(), which locks the file for each byte where there are threads. */
static json_t *load(const char *path, json_error_t *error)
{
	FILE *f = fopen(path, "rbe");
	json_t *json;

	if (!f) {
		snprintf(error->text, sizeof(error->text), "unable to open %.100s: %s", path,
			 strerror(errno));
		return NULL;
	}
	json = json_load_callback(read_some, f, JSON_REJECT_DUPLICATES, error);
	fclose(f);
	return json;
}

json_t *json_file_read(const char *path, char *why, size_t len)
{
	json_error_t error;
	struct stat st;
	json_t *json;

	if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
		snprintf(why, len, "it is a folder");
		return NULL;
	}
	if (stat(path, &st) && !lstat(path, &st)) {
		snprintf(why, len, "it is a link to what isn't there");
		return NULL;
	}
	json = load(path, &error);
	if (!json)
		snprintf(why, len, "%s", *error.text ? error.text : "out of memory");
	return json;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Machines to test with: trees of files, of which one is what the harness sees. */
#ifndef DMABENCH_FAKE_MACHINE_H
#define DMABENCH_FAKE_MACHINE_H

#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "machine/files.h"

#define CPU "/sys/devices/system/cpu/"

static char folder[32], root[80];

/* Which of the trees in the folder is the machine from now on; a new one is empty. */
static inline void machine(const char *name)
{
	snprintf(root, sizeof(root), "%s/%.32s", folder, name);
	assert_true(!mkdir(root, 0700) || errno == EEXIST);
	setenv(SYSROOT_VARIABLE, root, 1);
}

static inline void put_bytes(const char *path, const void *bytes, size_t len)
{
	char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(!mkdir(full, 0700) || errno == EEXIST);
		*slash = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static inline void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static inline void take_away(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", root, path);
	assert_int_equal(remove(full), 0);
}

static inline int fresh_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/dmabench-unit.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	machine("empty");
	return 0;
}

static inline int drop_folder(void **state)
{
	char command[64];

	(void)state;
	unsetenv(SYSROOT_VARIABLE);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static inline const json_t *warning(const json_t *list, const char *id, const char *when)
{
	json_t *w;
	size_t i;

	json_array_foreach(list, i, w)
		if (!strcmp(json_string_value(json_object_get(w, "id")), id) &&
		    !strcmp(json_string_value(json_object_get(w, "when")), when))
			return w;
	return NULL;
}

static inline bool warned(const json_t *list, const char *id, const char *when)
{
	const json_t *w = warning(list, id, when);

	if (w) {
		assert_true(strlen(json_string_value(json_object_get(w, "what"))) > 0);
		assert_true(strlen(json_string_value(json_object_get(w, "why"))) > 0);
		assert_true(strlen(json_string_value(json_object_get(w, "do"))) > 0);
	}
	return w;
}

#endif

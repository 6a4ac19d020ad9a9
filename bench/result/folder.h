/* SPDX-License-Identifier: GPL-2.0-only */
/* Which files of a folder are results, and whose. */
#ifndef DMABENCH_RESULT_FOLDER_H
#define DMABENCH_RESULT_FOLDER_H

#include <stddef.h>

/* What may be a result: FOLDER/NAME.json or FOLDER/NAME/result.json; also a link that leads nowhere. */
struct result_file {
	char *file; /* below the folder */
	char *name; /* NAME, which is a machine's where each machine has its own */
};

struct result_files {
	struct result_file *v;
	size_t n;
};

/*
 * By name, in the order of bytes; whether they can be read shows when they are. What begins with a point isn't looked at. also: folders without
 * a result that have this file are named as well, with that file; NULL: none. 0 or -errno.
 * result_files_free() in any case.
 */
int result_files(const char *folder, const char *also, struct result_files *files);
/* Folders of the folder that have no result themselves: of each its name, as file and name. */
int result_folders(const char *folder, struct result_files *folders);
void result_files_free(struct result_files *files);

/* NAME of a path to FOLDER/NAME.json or NAME/result.json; NULL: no memory. The caller's. */
char *result_file_name(const char *path);

#endif

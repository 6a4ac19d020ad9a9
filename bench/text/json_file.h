/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_JSON_FILE_H
#define DMABENCH_JSON_FILE_H

#include <jansson.h>
#include <stddef.h>

/* A file of JSON in which no key is there twice. NULL with why[], also for a folder. */
json_t *json_file_read(const char *path, char *why, size_t len);

#endif

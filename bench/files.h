/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_FILES_H
#define DMABENCH_FILES_H

#include <stddef.h>

/* First line of a small file (sysfs, procfs) without its newline. 0 or -errno; buf is "" then. */
int read_line(const char *path, char *buf, size_t len);

/* The number after "key" in a file like /proc/meminfo; -errno if it isn't there. */
int read_key(const char *path, const char *key, unsigned long long *value);

/*
 * Write text to path: a regular file is replaced at once or not at all, anything else
 * (a pipe, a device) is written to. 0 or -errno.
 */
int replace_file(const char *path, const char *text, size_t len);

#endif

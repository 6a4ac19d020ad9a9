/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel says in files. Paths below /proc, /sys and /dev are looked up below
 * $DMABENCH_SYSROOT when that is set, so that tests can describe any machine.
 */
#ifndef DMABENCH_FILES_H
#define DMABENCH_FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SYSROOT_VARIABLE "DMABENCH_SYSROOT"

/* First line of a small file (sysfs, procfs) without its newline. 0 or -errno; buf is "" then. */
int read_line(const char *path, char *buf, size_t len);

/* The words after "key" in a file like /proc/self/status, without blanks before; -errno if not there. */
int read_key_text(const char *path, const char *key, char *buf, size_t len);

/* The number after "key" in a file like /proc/meminfo; -errno if it isn't there. */
int read_key(const char *path, const char *key, unsigned long long *value);

/* A file that is a number and nothing else. 0 or -errno. */
int read_number(const char *path, unsigned long long *value);

/* Open for reading, NULL with errno. */
FILE *sys_file(const char *path);
DIR *sys_folder(const char *path);

/* Is it there, and may this process read and write it (a folder: read)? 0 or -errno. */
int sys_usable(const char *path);
/* Is it another machine's than this one that is seen? */
bool sys_rooted(void);

/*
 * The numbers N of all "prefixN" in a folder (cpu0, cpu1 …), in order; at most max. How
 * many there are, 0 also where there is no such folder.
 */
size_t sys_numbered(const char *folder, const char *prefix, int *numbers, size_t max);

/*
 * Write text to path: a regular file is replaced at once or not at all, anything else
 * (a pipe, a device) is written to. 0 or -errno.
 */
int replace_file(const char *path, const char *text, size_t len);

/* What is written to it is there whole in the end, or not at all. */
struct whole_output {
	FILE *to;
	char *text;
	size_t len;
};

/* 0 or -ENOMEM; then nothing is to be ended. */
int whole_output_begin(struct whole_output *whole);

/* To path, NULL: to standard output. Nothing at all is an error. 0 or -errno. */
int whole_output_end(struct whole_output *whole, const char *path);

#endif

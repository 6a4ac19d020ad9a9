/* SPDX-License-Identifier: GPL-2.0-only */
/* The program that is to be profiled: which file it is, and whether anything can be seen of it. */
#ifndef DMABENCH_PROGRAM_H
#define DMABENCH_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

struct program {
	char path[4096];
	uint8_t id[32]; /* GNU build id */
	size_t id_len;	/* 0: it has none */
	uint64_t size;
	int64_t mtime; /* seconds since 1970 */
};

/* As execvp() finds it: 0, -ENOENT, or another reason why it can't be run. */
int program_find(const char *name, struct program *p);

/*
 * Will the dynamic linker put a library into it? 0, or -ENOTSUP with why[]: it is static, of
 * another architecture, or runs with rights of its own. A script is what its interpreter is.
 */
int program_check(struct program *p, char *why, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers, sizes and lists as people type them. Every function takes the whole string or fails. */
#ifndef DMABENCH_PARSE_H
#define DMABENCH_PARSE_H

#include <stddef.h>
#include <stdint.h>

/* Decimal, no sign, at most max. 0, -EINVAL (not a number) or -ERANGE. */
int parse_u64(const char *text, uint64_t max, uint64_t *out);

/* Bytes: decimal with an optional K, M, G or T (binary; "KiB", "k" are fine too). */
int parse_size(const char *text, uint64_t *out);

/*
 * Bytes as people read them: "4K", "1M", "4097". The buffer is the caller's;
 * 32 bytes are enough.
 */
const char *format_size(uint64_t bytes, char *buf, size_t len);

/* Index of text in names[count], -EINVAL if it isn't there. */
int parse_word(const char *text, const char *const *names, size_t count);

/*
 * Split "a,b,c" and give each part to one(part, arg). Empty parts and an empty
 * list are -EINVAL; stops at the first error of one() and returns it. The part
 * that failed is left in bad[bad_len].
 */
int parse_list(const char *text, int (*one)(const char *part, void *arg), void *arg, char *bad,
	       size_t bad_len);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways in which one thread can copy memory: a table, for the paths that use one
 * of them, and for those that use whichever is fastest here.
 */
#ifndef DMABENCH_COPIES_H
#define DMABENCH_COPIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum copy_family { COPY_LIBC, COPY_MOVSB, COPY_MOVSQ, COPY_VECTOR, COPY_NT };

/*
 * size bytes from src to dst, which don't overlap; both may start anywhere. ahead: bytes
 * from a load to the line that is prefetched then, 0: no prefetching. Only COPY_NT
 * prefetches. On return the bytes are globally visible: stores that go past the caches
 * are fenced.
 */
typedef void copy_fn(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead);

struct copy_kernel {
	const char *name; /* "nt512" */
	const char *what; /* one line */
	enum copy_family family;
	unsigned int bits;	 /* width of its registers; 0 where that is no choice of ours */
	bool (*supported)(void); /* by this CPU; NULL: always */
	copy_fn *copy;
	copy_fn *copy_down; /* the same from the end to the beginning; NULL: it can't */
};

struct copy_table {
	const struct copy_kernel *kernels;
	size_t count;
};

/* All that there are for this architecture. */
extern const struct copy_table copy_table;

/* A kernel and how it is to be used. */
struct copier {
	const struct copy_kernel *kernel;
	size_t ahead;
	/* By several threads, a part each: every other one copies downwards, away from the next
	 * one's part. Where they meet neither then fetches ahead what the other is writing. */
	bool apart;
};

static inline void copier_run(const struct copier *c, uint8_t *dst, const uint8_t *src, size_t size)
{
	c->kernel->copy(dst, src, size, c->ahead);
}

static inline void copier_run_down(const struct copier *c, uint8_t *dst, const uint8_t *src,
				   size_t size)
{
	c->kernel->copy_down(dst, src, size, c->ahead);
}

bool copy_kernel_usable(const struct copy_kernel *kernel);

/* The usable kernel of a family and width, 0: the widest; NULL if there is none. */
const struct copy_kernel *copy_kernel_find(enum copy_family family, unsigned int bits);

/* "nt512+2048": the kernel and, where it prefetches, how far ahead; "vector256-apart". */
void copier_name(const struct copier *c, char *buf, size_t len);

/* The parts of the table. */
copy_fn copy_libc, copy_movsb, copy_movsq;
copy_fn copy_vector128, copy_vector256, copy_vector512;
copy_fn copy_nt128, copy_nt256, copy_nt512;
copy_fn copy_down128, copy_down256, copy_down512;

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What a copy's rate can't be above here, beside the rate; and what is above it all the same. */
#ifndef DMABENCH_BOUNDS_H
#define DMABENCH_BOUNDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Buffers that together are so many times as large as all last-level caches aren't in them. */
#define BOUNDS_CACHES 4
/* A rate whose whole interval is above so many times its bound is none: see bounds_broken(). */
#define BOUNDS_FACTOR 2

/*
 * "bounds" of each copy that there is one for: the memory's, as the fastest sample of a copy by all CPUs was
 * at this size or a smaller one that is beyond the caches, of the same nodes; the link's of a PCI device that
 * is hardware, by its generation and lanes. cache_bytes: of all last-level caches, 0: not known.
 */
void bounds_add(json_t *cases, uint64_t cache_bytes);

/*
 * Is the whole 95 % interval of a case's rate above BOUNDS_FACTOR times one of its bounds? Then the harness
 * is wrong, not the copy fast: twice, as the bound is one that was measured, or that firmware tells, and
 * neither noise nor a device that understates its link may fail a copy. Without an interval it can't be said.
 */
bool bounds_broken(const json_t *c, char *why, size_t len);

#endif

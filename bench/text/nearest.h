/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_NEAREST_H
#define DMABENCH_NEAREST_H

#include <stddef.h>

/*
 * Letters to insert, leave out or replace that make one word the other (Levenshtein's distance),
 * two neighbours that changed places counting once.
 */
size_t edits(const char *a, const char *b);

/*
 * Which word may have been meant: candidate, if it takes fewer edits than best (NULL: there is none
 * yet) took, which *least is, and few for words of that length; else best.
 */
const char *nearer(const char *word, const char *best, const char *candidate, size_t *least);

#endif

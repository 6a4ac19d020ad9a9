/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_VARIANTS_H
#define DMABENCH_VARIANTS_H

#include <jansson.h>

/*
 * Of each path and kind of engine one way of having several operations at a time (many at a time
 * isn't one at a time): the one with most cases, of equals the first. Cases of the others are taken
 * out. All other variants of a path (threads, depth, chunk …) take part.
 */
void variants_keep_main(json_t *cases);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The setting that cases were measured in: cache, and the place of the bytes (pages, offset, nodes).
 * What is said of a result is said of one setting. Pictures and report choose theirs alike, in
 * scripts/report/lib.jq.
 */
#ifndef DMABENCH_SETTING_H
#define DMABENCH_SETTING_H

#include <jansson.h>
#include <stdbool.h>

/* The one that most of the cases were measured in, of equals the plainest: {cache, pages, …}. */
json_t *setting_of_most(const json_t *cases);

/* A path without an axis (coherent memory has no page size) goes with every setting. */
bool setting_agrees(const json_t *c, const json_t *setting);

/* Of params: does the axis say where the bytes are? Are they at the same place in both? */
bool place_has(const char *axis);
bool place_same(const json_t *a, const json_t *b);

/* Less is plainer: 4K pages, no offset, all on one node, the first one. */
double place_plainness(const json_t *params);

#endif

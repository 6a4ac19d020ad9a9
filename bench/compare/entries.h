/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_ENTRIES_H
#define DMABENCH_ENTRIES_H

#include "compared.h"

/*
 * Pair the cases of both results by id: cmp->entries, cmp->c and cmp->order, one for each
 * figure that was asked for; a case that can't be compared is settled here, once. With
 * pairs, cases whose launches don't pair make cmp incomparable. 0 or -ENOMEM.
 */
int entries_make(struct compare *cmp);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done about records that don't say success, and about those that don't come. */
#ifndef DMABENCH_DSA_MEND_H
#define DMABENCH_DSA_MEND_H

#include "dsa_work.h"

/*
 * See the sending through that ended like this; 0: it didn't. After a page fault the rest is
 * handed over again. What can't be mended is in c->err, with the reason.
 */
void dsa_mend(struct dsa_copies *c, uint32_t sending, uint8_t status);

/* The first error is what is told. Gives it back. */
int dsa_fail(struct dsa_copies *c, int err, const char *what, const char *why);

/* A status as the header names it. */
const char *dsa_status_text(uint8_t status);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is it the same machine, in the same conditions? Identity must match. A condition may
 * differ where the user named it, since then it is what is under test.
 */
#ifndef DMABENCH_FINGERPRINT_H
#define DMABENCH_FINGERPRINT_H

#include "compared.h"

/*
 * Fill cmp->differences and cmp->comparable. A difference is {env: id or null, kind:
 * "identity" | "condition" | "config" | "tool" | "engine", name, base, new, allowed}. 0,
 * -ENOMEM, or -EINVAL with why[]: options.changed names what is no condition.
 */
int fingerprint(struct compare *cmp, char *why, size_t len);

#endif

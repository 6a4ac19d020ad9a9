/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_HOLM_H
#define DMABENCH_HOLM_H

#include <stddef.h>

/*
 * Holm 1979: p values adjusted so that refusing all with adjusted[i] <= alpha is wrong
 * about any of them with probability alpha at most, however they depend on each other.
 * 0 or -ENOMEM.
 */
int holm(const double *p, size_t n, double *adjusted);

#endif

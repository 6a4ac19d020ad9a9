/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for a completion record, never for ever. */
#ifndef DMABENCH_DSA_WAIT_H
#define DMABENCH_DSA_WAIT_H

#include <linux/idxd.h>
#include <stddef.h>
#include <stdint.h>

#include "paths/params.h"

/* 0, or -EOPNOTSUPP with why[]: this CPU can't wait so. */
int dsa_wait_check(enum dsa_wait how, char *why, size_t len);

/* The status byte of a record, without its bit for a write; 0: it isn't there yet. */
static inline uint8_t dsa_look(const volatile uint8_t *status)
{
	return __atomic_load_n(status, __ATOMIC_ACQUIRE) & DSA_COMP_STATUS_MASK;
}

/*
 * The status byte of a record once it isn't 0 any more, without its bit for a write; what was
 * copied before it is visible then. 0: it still was after so long.
 */
uint8_t dsa_wait(const volatile uint8_t *status, enum dsa_wait how, uint64_t patience_ns);

#endif

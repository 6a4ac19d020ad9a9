/* SPDX-License-Identifier: GPL-2.0-only */
/* Are two identities, as results have them, of one machine? */
#ifndef DMABENCH_SAME_MACHINE_H
#define DMABENCH_SAME_MACHINE_H

#include <jansson.h>
#include <stdbool.h>

/* Two values alike; a key that one side doesn't have is unknown there, as null is. */
bool same_value(const json_t *a, const json_t *b);

/* Does this key of both stand for one machine? */
bool same_identity(const json_t *base, const json_t *now, const char *key);

/* Whether it says which CPU it is, by a name or by numbers. */
bool says_cpu(const json_t *identity);

/* The name of a key that isn't alike, or NULL: it is one machine. */
const char *other_machine(const json_t *base, const json_t *now);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What /proc/cpuinfo says of the CPUs, which each architecture does in its own words. */
#ifndef DMABENCH_CPUINFO_H
#define DMABENCH_CPUINFO_H

#include <jansson.h>

/* The first value of a key, as a string; null if it isn't there. New reference. */
json_t *cpuinfo(const char *key);

/*
 * The CPUs' model: each kind that there is, by its name where it has one, else by its
 * numbers; null where neither is told. New reference.
 */
json_t *cpu_model(void);

/*
 * The same by numbers, which stay when a later version knows a name for them; NULL on
 * architectures whose kernels have the name. New reference.
 */
json_t *cpu_ids(void);

/* What x86 calls family, model and stepping. New reference; null: not told. */
json_t *cpu_family(void);
json_t *cpu_number(void);
json_t *cpu_stepping(void);

#endif

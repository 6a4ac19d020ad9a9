/* SPDX-License-Identifier: GPL-2.0-only */
/* What the reports share. */
#ifndef DMABENCH_FLEET_REPORT_H
#define DMABENCH_FLEET_REPORT_H

#include "fleet.h"

/* Of long lists: as many as tell what it is about. */
#define MOST_LINES 12

struct out {
	const struct fleet *f;
	FILE *to;
	bool markdown;
};

/* Text of a file, as it can stand in either format. */
void out_text(const struct out *o, const char *text);
/* The value of a key, "?" where there is none. */
const char *out_key(const json_t *json, const char *key);
/* "node7 (node7/result.json)" */
void out_name(const struct out *o, const struct fleet_machine *m);

/* report_machine.c: what is to be said of a machine, if anything is. */
void report_machine(const struct out *o, const struct fleet_machine *m);

/* "AMD EPYC, 2 CPUs, 1 node, 4.0 GiB, vm-kvm, kernel 5.4 …": what a kind is; the caller frees. */
char *kind_describe(const struct fleet_kind *kind);

/* A name that may not be UTF-8; new reference. */
json_t *any_text(const char *any);

#endif

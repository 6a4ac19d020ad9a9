/* SPDX-License-Identifier: GPL-2.0-only */
/* What the reports share. */
#ifndef DMABENCH_FLEET_REPORT_H
#define DMABENCH_FLEET_REPORT_H

#include "fleet.h"

/* "AMD EPYC, 2 CPUs, 1 node, 4.0 GiB, vm-kvm, kernel 6.1.0 …": what a kind is; the caller frees. */
char *kind_describe(const struct fleet_kind *kind);

/* A name that may not be UTF-8; new reference. */
json_t *any_text(const char *any);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What the paths share that are one kernel of bench/copies: each path is a family of them. */
#ifndef DMABENCH_KERNEL_PATH_H
#define DMABENCH_KERNEL_PATH_H

#include "copies/choose.h"
#include "copies/copies.h"
#include "path.h"

#define KERNEL_PATH_AXES (AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET)

/* The kernel of the family with params.vector bits, or the reason why there is none. */
int kernel_path_probe(enum copy_family family, const struct case_params *p, char *why, size_t len);
int kernel_path_setup(struct copy_ctx *ctx, enum copy_family family);
/* n copies between the context's buffers: what a contest tries, and what submit_many does. */
void kernel_path_run(void *ctx, const struct copier *copier, uint64_t n);
int kernel_path_submit_many(struct copy_ctx *ctx, uint64_t n);
void kernel_path_teardown(struct copy_ctx *ctx);

/*
 * The kernel that is fastest for this very case: on its buffers, in its cache state; and what
 * an operation took in ns. Of the contest run, finish and apart are the path's; the former
 * get its context. The winner is named in ctx->variant.
 */
double kernel_path_choose(struct copy_ctx *ctx, struct contest contest, struct copier *winner);

#endif

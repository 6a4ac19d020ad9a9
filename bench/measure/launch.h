/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A launch: one case measured in a process of its own, started afresh (fork and
 * exec), so that no heap, page or address is inherited from the launch before.
 */
#ifndef DMABENCH_LAUNCH_H
#define DMABENCH_LAUNCH_H

#include "plan/case.h"
#include "config.h"
#include "launch_result.h"

/* The word that makes main() a launch; not for people. */
#define LAUNCH_COMMAND "launch-one"

/*
 * Run a launch and wait for it, at most limit_ns. result is always filled: a launch
 * that died or hung is a failed one. -EINTR when *stop was set meanwhile (the launch
 * is ended), else 0.
 */
int launch(const struct bench_case *c, const struct measure_config *config, uint64_t limit_ns,
	   volatile int *stop, struct launch_result *result);

/* The other side: read the case from standard input, answer on LAUNCH_FD. Exit status. */
int launch_main(void);

#endif

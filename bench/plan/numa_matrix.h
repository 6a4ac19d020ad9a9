/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_NUMA_MATRIX_H
#define DMABENCH_NUMA_MATRIX_H

#include "paths/driver.h"
#include "plan.h"

/*
 * The three node axes of a group: every node with usable CPUs as the CPU's, every node
 * with usable memory as source and as destination. 0; -EEXIST if an axis has values
 * already; -E2BIG if there are more than MAX_VALUES nodes; -ENODATA if there is none.
 */
int numa_matrix_axes(struct axes *axes);

/*
 * The engines that a group takes when it names none: one channel of each provider, by the
 * provider's name. With each_node, of a provider whose channels sit on several nodes one
 * channel a node, by the channel's name.
 */
void engines_choose(const struct dmabench_engine_info *engines, int count, bool each_node,
		    struct labels *list);

#endif

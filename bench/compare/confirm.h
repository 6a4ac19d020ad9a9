/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The confirmation block: cases that failed are measured once more, and a failure stands only
 * if these launches alone fail too. That it is done is declared before anything is measured.
 */
#ifndef DMABENCH_CONFIRM_H
#define DMABENCH_CONFIRM_H

#include "compare.h"

/*
 * Put what again, a comparison of the fresh launches, says of each measured FAIL of cmp into
 * cmp. Both were made by compare_results(); cmp keeps no reference to again.
 */
void confirm(struct compare *cmp, const struct compare *again);

#endif

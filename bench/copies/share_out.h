/* SPDX-License-Identifier: GPL-2.0-only */
/* How a copy is cut up for several threads. */
#ifndef DMABENCH_SHARE_OUT_H
#define DMABENCH_SHARE_OUT_H

#include <stddef.h>
#include <stdint.h>

struct part {
	size_t from, size; /* bytes from the start of the buffers; size 0: nothing to do */
};

/*
 * Part number rank of parts of a copy of size bytes to dst; the first is ahead bytes longer
 * than the others, which are as long as each other. Parts meet at page boundaries of the
 * destination where there are pages enough, else at line boundaries, so that no two threads
 * write to one line.
 */
void share_out(const uint8_t *dst, size_t size, unsigned int parts, size_t ahead, unsigned int rank,
	       struct part *part);

/*
 * How much longer the caller's part must be for all to end together. The others begin when
 * word has reached them and the caller learns of their end as much later as word takes
 * back: handover_ns for both ways. op_ns is an operation in equal parts.
 */
size_t head_start(size_t size, unsigned int parts, double handover_ns, double op_ns);

/*
 * Bytes to take at a time of such a part, whole pages: few enough that a part's last
 * piece is little of the whole. 0 where handing them out would cost too much.
 */
size_t piece_size(size_t size, unsigned int parts);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says about the page behind an address of ours. */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Its number; 0: none is there. */
uint64_t page_frame(const void *address);
/* Marked as to be written back; only pages that have been touched may be asked for. */
bool page_is_dirty(const void *address);

/* Memory that may be taken from the machine: nothing may stay pinned there. */
bool have_movable_zone(void);
bool page_in_movable_zone(const void *address);

#endif /* PAGE_H */

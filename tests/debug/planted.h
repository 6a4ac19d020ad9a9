/* SPDX-License-Identifier: GPL-2.0-only */
/* Mistakes made on purpose, a function each; see planted.c. */
#ifndef PLANTED_H
#define PLANTED_H

#include <linux/device.h>
#include <linux/dma-mapping.h>

#define LENGTH 100

/* What the compiler must not know: a nought, and where values go that nobody wants. */
extern volatile int zero;
extern unsigned long sink;

/* edu's, while it is there. */
extern struct device *planted_dev;

/* Memory of who asked for the mistake. */
extern void __user *caller_memory;

void shift(void);
void bounds(void);
void boolean(void);
void list_twice(void);
void refcount_below(void);
void free_active_timer(void);
void sleep_in_atomic(void);
void preempted_cpu(void);
void lock_order(void);
void rcu_unlocked(void);
void stuck_cpu(void);
void stuck_task(void);
void dma_unchecked(void);
void dma_twice(void);
void dma_size(void);
void dma_direction(void);
void dma_kept(void);
void leak(void);
void write_freed_page(void);
void slab_beyond(void);
void slab_freed(void);
void vmalloc_beyond(void);
void stack_beyond(void);
void page_freed(void);
void usercopy_beyond(void);

#endif /* PLANTED_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Areas: pages, where they lie and how they are mapped. area.c: ours; pin.c: a caller's; map.c:
 * their list and mapping.
 */
#ifndef DMABENCH_AREA_H
#define DMABENCH_AREA_H

#include <linux/gfp.h>
#include <linux/scatterlist.h>

#include "engine.h"

/*
 * For whatever may be large on behalf of a user: it is its control group's, and where there's
 * too little nobody else is made to pay for it.
 */
#define GFP_USER_MEMORY (GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/* What is little and gone with the request isn't worth an account. */
static inline gfp_t gfp_of_request(size_t bytes)
{
	return bytes > PAGE_SIZE ? GFP_USER_MEMORY : GFP_KERNEL;
}

/* A place in the list of mapped segments; see area_mark. */
struct mark {
	struct scatterlist *sg;
	u64 offset; /* of its first byte */
};

struct area {
	struct engine *engine;
	struct page **pages;
	unsigned long npages;
	unsigned long room;	 /* entries in pages */
	struct mm_struct *mm;	 /* whose pages; NULL: ours */
	const struct cred *cred; /* whose user they are charged to; NULL: nobody */
	bool lasting;		 /* beyond one request */
	bool write;		 /* pinned for the engine to write */
	bool anonymous;		 /* pinned, and all of them are */
	unsigned long blocks;	 /* that ours are in */
	enum dma_data_direction dir;
	struct sg_table sgt;
	struct mark *marks; /* of a long list, for who begins in the midst of it */
	unsigned int nmarks;
	bool mapped;	       /* under map_sem */
	u64 len;	       /* bytes that are mapped */
	u64 lent_offset, lent; /* those that are the engine's to write; under map_sem */
	struct list_head node; /* in engine->areas while it is mapped */
};

/* For a list of its pages, or of anything like it. */
static inline gfp_t area_gfp(const struct area *area, unsigned long npages)
{
	return area->lasting ? GFP_USER_MEMORY
			     : gfp_of_request(npages * sizeof(struct scatterlist));
}

#define PIN_WRITE BIT(0)    /* the engine writes to it */
#define PIN_LONGTERM BIT(1) /* beyond this request */
#define PIN_NOWAIT BIT(2)   /* only what is there at once */

int area_pin(struct area *area, struct engine *engine, u64 addr, u64 len, unsigned int how);
void area_unpin(struct area *area, bool written);
int area_alloc(struct area *area, struct engine *engine, u64 size, int node);
int area_map(struct area *area, size_t offset, u64 len, enum dma_data_direction dir, bool lend);
int area_mark(struct area *area);
void area_unmap(struct area *area);
void area_sync(struct area *area, u64 offset, u64 len, bool for_device);
void area_lend(struct area *area, u64 offset, u64 len, bool write);
void area_take_back(struct area *area, bool written);
void areas_withdraw(struct engine *engine);
void area_release(struct area *area, bool written);
void area_free(struct area *area);

/* Where the walk over a list of mapped segments stands. */
struct cursor {
	struct scatterlist *sg;
	dma_addr_t addr;
	size_t left;
};

void cursor_start(struct cursor *cursor, const struct area *area, u64 offset);

/* Only called while bytes of the copy are left, so there is a next segment. */
static inline void cursor_fill(struct cursor *cursor)
{
	if (cursor->left)
		return;
	cursor->sg = sg_next(cursor->sg);
	cursor->addr = sg_dma_address(cursor->sg);
	cursor->left = sg_dma_len(cursor->sg);
}

static inline void cursor_advance(struct cursor *cursor, size_t len)
{
	cursor->addr += len;
	cursor->left -= len;
}

#endif /* DMABENCH_AREA_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slots: one for each descriptor of a request that may be in flight.
 *
 * A descriptor is ended by its callback, by a poller that asked the engine, or by who stops the
 * channel: at the same moment perhaps, on different CPUs. And a callback may be so late that its
 * slot is another descriptor's by then. So which descriptor it is and how far that got are one
 * word, and whoever moves the word on from PENDING, by a cmpxchg of all of it, ends that
 * descriptor and no other:
 *
 *   FREE -> PENDING     the request's owner, before the descriptor is submitted
 *   PENDING -> CLAIMED  a callback or a poller, which alone writes to the slot then,
 *   CLAIMED -> DONE     and then lets the owner see it
 *   PENDING -> STOPPED  who has stopped the channel, under submit_lock
 *   DONE -> FREE        the owner, who is the only one to take a slot from there again
 */
#ifndef DMABENCH_SLOT_H
#define DMABENCH_SLOT_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/dmaengine.h>

/* Descriptors and requests are numbered; both numbers together fill a callback's pointer. */
#define TAG_BITS (BITS_PER_LONG / 2)
#define TAG_MASK ((1UL << TAG_BITS) - 1)

enum slot_state { SLOT_FREE, SLOT_PENDING, SLOT_CLAIMED, SLOT_DONE, SLOT_STOPPED };

#define SLOT_STATE_BITS 3
#define SLOT_STATE_MASK ((1UL << SLOT_STATE_BITS) - 1)

struct slot {
	unsigned long word; /* the descriptor's tag, then enum slot_state */
	bool failed;
	dma_cookie_t cookie; /* the owner's */
	u64 issued;	     /* likewise */
	u64 done;
};

static inline unsigned long slot_word(unsigned long tag, enum slot_state state)
{
	return tag << SLOT_STATE_BITS | state;
}

static inline enum slot_state slot_state(const struct slot *slot)
{
	/* Pairs with the release in slot_finish: failed and done are written by then. */
	return smp_load_acquire(&slot->word) & SLOT_STATE_MASK;
}

/* Done, or never to be any more. */
static inline bool slot_over(const struct slot *slot)
{
	return slot_state(slot) >= SLOT_DONE;
}

/* Before it is submitted: its callback may come at once. */
static inline void slot_open(struct slot *slot, unsigned long tag)
{
	/* What its owner wrote for it is there when the callback takes it. */
	smp_store_release(&slot->word, slot_word(tag, SLOT_PENDING));
}

static inline void slot_close(struct slot *slot)
{
	WRITE_ONCE(slot->word, SLOT_FREE);
}

static inline bool slot_move(struct slot *slot, unsigned long tag, enum slot_state to)
{
	unsigned long from = slot_word(tag, SLOT_PENDING);

	return try_cmpxchg(&slot->word, &from, slot_word(tag, to));
}

static inline void slot_finish(struct slot *slot, unsigned long tag, bool failed, u64 now)
{
	slot->done = now;
	slot->failed = failed;
	/* Pairs with the acquire in slot_state. */
	smp_store_release(&slot->word, slot_word(tag, SLOT_DONE));
}

/* Under submit_lock, so that no other descriptor takes the slot. Returns whether it was pending. */
static inline bool slot_stop(struct slot *slot)
{
	unsigned long word = READ_ONCE(slot->word);

	return (word & SLOT_STATE_MASK) == SLOT_PENDING &&
	       slot_move(slot, word >> SLOT_STATE_BITS, SLOT_STOPPED);
}

/* Is a before b, as numbers that wrap around? */
static inline bool tag_before(unsigned long a, unsigned long b)
{
	return ((b - a - 1) & TAG_MASK) < TAG_MASK / 2;
}

/* Move a tag forward, whoever else does so; never back. Ordered like a release. */
static inline void tag_advance(unsigned long *tag, unsigned long to)
{
	unsigned long old = READ_ONCE(*tag);

	to &= TAG_MASK;
	while (tag_before(old, to) && !try_cmpxchg(tag, &old, to))
		;
}

#endif /* DMABENCH_SLOT_H */

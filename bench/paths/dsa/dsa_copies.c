// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_copies.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsa_mend.h"
#include "dsa_wait.h"

/* Aligned and touched: the device is to find its pages. */
static void *lines(size_t n, size_t size)
{
	void *p = aligned_alloc(64, n * size);

	if (p)
		memset(p, 0, n * size);
	return p;
}

static void describe_piece(struct dsa_hw_desc *d, const struct dsa_piece *p,
			   struct dsa_record *record, uint32_t flags)
{
	memset(d, 0, sizeof(*d));
	d->opcode = DSA_OPCODE_MEMMOVE;
	d->flags = flags;
	d->src_addr = (uintptr_t)p->src;
	d->dst_addr = (uintptr_t)p->dst;
	d->xfer_size = p->len;
	d->completion_addr = (uintptr_t)record;
}

static void describe_list(struct dsa_copies *c, struct dsa_hw_desc *d,
			  const struct dsa_sending *sending, struct dsa_record *record)
{
	d->opcode = DSA_OPCODE_BATCH;
	d->flags = IDXD_OP_FLAG_CRAV | IDXD_OP_FLAG_RCR;
	d->desc_list_addr = (uintptr_t)&c->list[sending->first];
	d->desc_count = sending->n;
	d->completion_addr = (uintptr_t)record;
	/* A record each, but only of those that fail: that is asked for by leaving RCR out. */
	for (uint32_t i = sending->first; i < sending->first + sending->n; i++)
		describe_piece(&c->list[i], &c->pieces[i], &c->list_records[i],
			       c->flags & ~(uint32_t)IDXD_OP_FLAG_RCR);
}

static void describe_all(struct dsa_copies *c)
{
	for (uint32_t i = 0; i < c->nsendings; i++) {
		const struct dsa_sending *s = &c->sendings[i];

		if (s->n > 1)
			describe_list(c, &c->descriptors[i], s, &c->records[i]);
		else
			describe_piece(&c->descriptors[i], &c->pieces[s->first], &c->records[i],
				       c->flags);
	}
}

static void share_out(struct dsa_copies *c, uint32_t max_batch)
{
	for (uint32_t at = 0; at < c->npieces;) {
		uint32_t n = max_batch ? dsa_batch_next(c->npieces - at, max_batch) : 1;

		c->sendings[c->nsendings++] = (struct dsa_sending){ at, n };
		at += n;
	}
}

int dsa_copies_make(struct dsa_copies *c, const struct dsa_manner *manner)
{
	c->how = manner->how;
	c->flags = IDXD_OP_FLAG_CRAV | IDXD_OP_FLAG_RCR |
		   (manner->cc == CC_CACHE ? IDXD_OP_FLAG_CC : 0) |
		   (manner->fault == DSA_FAULT_BLOCK ? IDXD_OP_FLAG_BOF : 0);
	c->window = manner->window;
	/* A system call for each would be dear. */
	c->refill = c->queue.way == DSA_BY_WRITE && c->window > 1 ? c->window / 2 : 1;
	c->sendings = calloc(c->npieces, sizeof(*c->sendings));
	if (!c->sendings)
		return -ENOMEM;
	share_out(c, manner->max_batch);
	c->descriptors = lines(c->nsendings, sizeof(*c->descriptors));
	c->records = lines(c->nsendings, sizeof(*c->records));
	c->again = lines(1, sizeof(*c->again));
	if (manner->max_batch) {
		c->list = lines(c->npieces, sizeof(*c->list));
		c->list_records = lines(c->npieces, sizeof(*c->list_records));
	}
	if (!c->descriptors || !c->records || !c->again ||
	    (manner->max_batch && (!c->list || !c->list_records)))
		return -ENOMEM;
	describe_all(c);
	return 0;
}

/* As many as there is room for. */
static void send(struct dsa_copies *c)
{
	uint32_t n = c->window - (c->sent - c->done);
	int err;

	if (n > c->nsendings - c->sent)
		n = c->nsendings - c->sent;
	for (uint32_t i = c->sent; i < c->sent + n; i++)
		c->records[i].hw.status = DSA_COMP_NONE;
	c->sent += dsa_queue_send(&c->queue, &c->descriptors[c->sent], n, &err);
	if (err)
		dsa_fail(c, err, "handing work over", dsa_send_text(err));
}

int dsa_copies_begin(struct dsa_copies *c)
{
	c->sent = c->done = 0;
	c->err = 0;
	if (c->lost)
		return dsa_fail(c, -EIO, "handing work over",
				"the queue didn't answer before, so it gets nothing more");
	send(c);
	return 0;
}

/* Those that are there already, as most are when the first of them is. */
static void collect(struct dsa_copies *c)
{
	const struct dsa_record *records = c->records;
	uint32_t done = c->done, sent = c->sent;

	while (done < sent && dsa_look(&records[done].hw.status) == DSA_COMP_SUCCESS)
		done++;
	c->done = done;
}

/* The next one, however it ends. */
static void await_next(struct dsa_copies *c)
{
	uint8_t status = dsa_wait(&c->records[c->done].hw.status, c->how,
				  c->lost ? 0 : c->queue.patience_ns);

	if (status != DSA_COMP_SUCCESS)
		dsa_mend(c, c->done, status);
	c->done++;
}

static bool may_send(const struct dsa_copies *c)
{
	return c->sent < c->nsendings && !c->err && c->window - (c->sent - c->done) >= c->refill;
}

int dsa_copies_finish(struct dsa_copies *c)
{
	for (;;) {
		collect(c);
		if (may_send(c))
			send(c);
		else if (c->done < c->sent)
			await_next(c);
		else
			return c->err;
	}
}

void dsa_copies_free(struct dsa_copies *c)
{
	/* Process and queue end together: the kernel sees to it that no copy outlives both. */
	if (c->lost)
		return;
	dsa_queue_close(&c->queue);
	free(c->pieces);
	free(c->sendings);
	free(c->descriptors);
	free(c->records);
	free(c->list);
	free(c->list_records);
	free(c->again);
}

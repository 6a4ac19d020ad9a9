// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_mend.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dsa_wait.h"

/* Page faults one after the other without a byte between them: no touching helps. */
#define FAULTS_IN_ONE_PLACE 16

int dsa_fail(struct dsa_copies *c, int err, const char *what, const char *why)
{
	if (!c->err)
		snprintf(c->reason, sizeof(c->reason), "%s: %s", what, why);
	if (!c->err)
		c->err = err;
	return c->err;
}

static const struct {
	uint8_t status;
	const char *text;
} texts[] = {
	{ DSA_COMP_PAGE_FAULT_NOBOF, "a page fault" },
	{ DSA_COMP_PAGE_FAULT_IR, "a page fault that the kernel couldn't resolve" },
	{ DSA_COMP_BATCH_FAIL, "some of the list failed" },
	{ DSA_COMP_BATCH_PAGE_FAULT, "a page fault in the list" },
	{ DSA_COMP_BAD_OPCODE, "an operation it doesn't have" },
	{ DSA_COMP_INVALID_FLAGS, "flags it doesn't have, or may not use" },
	{ DSA_COMP_NOZERO_RESERVE, "something where nothing may be" },
	{ DSA_COMP_XFER_ERANGE, "more bytes than the queue takes at a time" },
	{ DSA_COMP_DESC_CNT_ERANGE, "more descriptors than the queue takes in a list" },
	{ DSA_COMP_OVERLAP_BUFFERS, "buffers that overlap" },
	{ DSA_COMP_DESCLIST_ALIGN, "a list that isn't aligned" },
	{ DSA_COMP_CRA_XLAT, "a record at an address that isn't there" },
	{ DSA_COMP_CRA_ALIGN, "a record that isn't aligned" },
	{ DSA_COMP_ADDR_ALIGN, "an address that isn't aligned" },
	{ DSA_COMP_PRIV_BAD, "a descriptor of more rights than it may have" },
	{ DSA_COMP_HW_ERR1, "an error of its own" },
	{ DSA_COMP_HW_ERR_DRB, "an error of its own" },
	{ DSA_COMP_TRANSLATION_FAIL, "an address that couldn't be translated" },
};

const char *dsa_status_text(uint8_t status)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "a status of no known meaning";
}

static int refused(struct dsa_copies *c, uint8_t status)
{
	char what[64];

	snprintf(what, sizeof(what), "the device ended a copy with status 0x%02x", status);
	return dsa_fail(c, -EIO, what, dsa_status_text(status));
}

static int never(struct dsa_copies *c)
{
	char what[64];

	c->lost = true;
	snprintf(what, sizeof(what), "no completion record within %.1f s",
		 (double)c->queue.patience_ns / 1e9);
	return dsa_fail(c, -ETIMEDOUT, what, "the queue isn't used again");
}

static bool is_fault(uint8_t status)
{
	return status == DSA_COMP_PAGE_FAULT_NOBOF || status == DSA_COMP_PAGE_FAULT_IR;
}

static void touch_source(const uint8_t *at)
{
	(void)*(const volatile uint8_t *)at;
}

/* Without changing it, whoever else writes to its line at the moment. */
static void touch_destination(uint8_t *at)
{
	__atomic_fetch_or(at, 0, __ATOMIC_RELAXED);
}

/* Where it has to go on, and where it says that it couldn't, if that is in what it copies. */
static void touch(const struct dsa_piece *rest, bool backwards, uint64_t fault)
{
	uint32_t next = backwards ? rest->len - 1 : 0;
	uint64_t src = (uintptr_t)rest->src, dst = (uintptr_t)rest->dst;

	touch_source(rest->src + next);
	touch_destination(rest->dst + next);
	if (fault >= src && fault - src < rest->len)
		touch_source(rest->src + (fault - src));
	if (fault >= dst && fault - dst < rest->len)
		touch_destination(rest->dst + (fault - dst));
}

static int send_rest(struct dsa_copies *c, const struct dsa_piece *rest, struct dsa_record *record)
{
	struct dsa_hw_desc *d = c->again;
	int err;

	memset(d, 0, sizeof(*d));
	d->opcode = DSA_OPCODE_MEMMOVE;
	d->flags = c->flags;
	d->src_addr = (uintptr_t)rest->src;
	d->dst_addr = (uintptr_t)rest->dst;
	d->xfer_size = rest->len;
	d->completion_addr = (uintptr_t)record;
	record->hw.status = DSA_COMP_NONE;
	if (dsa_queue_send(&c->queue, d, 1, &err) == 1)
		return 0;
	return dsa_fail(c, err, "handing the rest over", dsa_send_text(err));
}

/* A piece whose record is there: hand the rest over until nothing is left. */
static int mend_piece(struct dsa_copies *c, struct dsa_piece rest, struct dsa_record *record,
		      uint8_t status)
{
	for (unsigned int still = 0; status != DSA_COMP_SUCCESS;) {
		uint32_t completed = record->hw.bytes_completed;
		bool backwards = record->hw.result & 1;

		if (!status)
			return never(c);
		if (!is_fault(status))
			return refused(c, status);
		c->faults++;
		still = completed ? 0 : still + 1;
		if (still > FAULTS_IN_ONE_PLACE)
			return dsa_fail(c, -EFAULT, "a page fault",
					"it comes again, though the page is touched");
		if (dsa_rest(&rest, completed, backwards))
			return dsa_fail(c, -EPROTO, "a page fault",
					"after as many bytes as there are, or more");
		touch(&rest, backwards, record->hw.fault_addr);
		if (send_rest(c, &rest, record))
			return c->err;
		status = dsa_wait(&record->hw.status, c->how, c->queue.patience_ns);
	}
	return 0;
}

/* Pieces that their list did: those with a record failed. How many those were. */
static uint32_t mend_done(struct dsa_copies *c, uint32_t first, uint32_t n)
{
	uint32_t failed = 0;

	for (uint32_t i = first; i < first + n; i++) {
		struct dsa_record *record = &c->list_records[i];
		uint8_t status = record->hw.status & DSA_COMP_STATUS_MASK;

		failed += status > DSA_COMP_SUCCESS;
		if (status && !c->err)
			mend_piece(c, c->pieces[i], record, status);
		if (!c->lost)
			record->hw.status = DSA_COMP_NONE;
	}
	return failed;
}

/* Pieces that their list didn't come to, one by one. */
static void do_rest(struct dsa_copies *c, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n && !c->err; i++) {
		struct dsa_record *record = &c->list_records[i];

		if (send_rest(c, &c->pieces[i], record))
			return;
		mend_piece(c, c->pieces[i], record,
			   dsa_wait(&record->hw.status, c->how, c->queue.patience_ns));
		if (!c->lost)
			record->hw.status = DSA_COMP_NONE;
	}
}

static void mend_list(struct dsa_copies *c, const struct dsa_sending *s,
		      const struct dsa_record *record, uint8_t status)
{
	uint32_t completed = record->hw.bytes_completed;

	if (status == DSA_COMP_BATCH_PAGE_FAULT && completed < s->n) {
		c->faults++;
		mend_done(c, s->first, completed);
		do_rest(c, s->first + completed, s->n - completed);
	} else if (status == DSA_COMP_BATCH_FAIL) {
		if (!mend_done(c, s->first, s->n))
			dsa_fail(c, -EPROTO, "a list failed", "and none of its copies says why");
	} else {
		refused(c, status);
	}
}

void dsa_mend(struct dsa_copies *c, uint32_t sending, uint8_t status)
{
	const struct dsa_sending *s = &c->sendings[sending];
	struct dsa_record *record = &c->records[sending];

	if (!status)
		never(c);
	else if (c->err)
		return; /* what an operation that has failed left undone */
	else if (s->n > 1)
		mend_list(c, s, record, status);
	else
		mend_piece(c, c->pieces[s->first], record, status);
}

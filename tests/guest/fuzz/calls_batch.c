// SPDX-License-Identifier: GPL-2.0-only
/* BATCH: a request and a list of segments, whole or spoilt, and what they may have changed. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "model.h"

/* Where the list lies: beside the request in the box, or where half of it can be read. */
#define LIST_AT 1024UL

/* Segments that don't meet, each in a part of the destination's span of its own. */
static unsigned int fill_list(struct worker *w, const struct call *c, uint64_t span)
{
	uint64_t rng = c->value, part;
	unsigned int count = 1 + (c->choice >> 4) % 8, i;

	if (c->choice >= 0xf0)
		count = SEGMENTS;
	if (count > span)
		count = (unsigned int)span;
	part = span / count;
	for (i = 0; i < count; i++) {
		struct dmabench_segment *s = &w->segment[i];
		uint64_t first = rng_below(&rng, part);
		/* In the list's order, or backwards. */
		uint64_t place = c->extra & 1 ? count - 1 - i : i;

		s->len = 1 + rng_below(&rng, part - first);
		s->dst = place * part + first;
		s->src = rng_below(&rng, span - s->len + 1);
		/* Often all of the part, so that neighbours touch. */
		if (c->extra & 2) {
			s->dst = place * part;
			s->len = part;
			s->src = rng_below(&rng, span - part + 1);
		}
	}
	return count;
}

static void spoil_segment(struct worker *w, const struct call *c, const struct dmabench_batch *arg)
{
	struct dmabench_segment *s = &w->segment[c->side[0] % arg->segments];
	const struct dmabench_segment *other = &w->segment[c->side[1] % arg->segments];
	uint64_t number = hostile(c->value & ~8ULL);

	switch (c->field) {
	case 21:
		s->len = number;
		break;
	case 22:
		s->src = number;
		break;
	case 23:
		s->dst = number;
		break;
	case 24: /* to the last byte of the span, or one past it */
		s->src = arg->span - s->len + c->choice % 2;
		break;
	case 25:
		s->dst = arg->span - s->len + c->choice % 2;
		break;
	case 26:
	case 30: /* behind another, or on its last byte */
		s->dst = other->dst + other->len - c->choice % 2;
		break;
	case 27:
	case 31: /* before another, or on its first byte */
		s->dst = other->dst - s->len + c->choice % 2;
		break;
	case 28: /* around the end of all numbers */
		s->src = 0 - s->len + c->choice % 3;
		break;
	case 29:
		s->dst = 0 - s->len + c->choice % 3;
		break;
	}
}

static void spoil_batch(struct worker *w, const struct call *c, struct dmabench_batch *arg)
{
	uint64_t number = hostile(c->value & ~8ULL);

	if (spoil_sides(c, &arg->src, &arg->dst))
		return;
	switch (c->field) {
	case 7:
		arg->span = number;
		break;
	case 8: /* no more than are known, or more than may be */
		arg->segments = (uint32_t)number;
		if (arg->segments > SEGMENTS && arg->segments <= DMABENCH_MAX_SEGMENTS)
			arg->segments = DMABENCH_MAX_SEGMENTS + 1;
		break;
	case 9:
		arg->engine = (uint32_t)number;
		break;
	case 10:
		arg->depth = (uint32_t)number;
		break;
	case 11:
		arg->flags = c->side[0];
		break;
	case 12:
		arg->timeout_ms = (uint32_t)number;
		break;
	case 13:
		arg->reserved0 = 1U << c->choice % 32;
		break;
	case 14:
		arg->reserved[c->choice % 4] = 1ULL << c->side[0] % 64;
		break;
	case 15: /* what is answered means nothing when asked */
		memset(&arg->total_ns, 0x5a, 8 * sizeof(arg->total_ns));
		break;
	case 16: /* spans that meet, or almost do */
		arg->dst = arg->src;
		arg->dst.addr += c->choice & 1 ? arg->span : arg->span - 1;
		break;
	case 17: /* another session's, or one that is gone */
		arg->src.handle = w->buffer[c->side[1] % BUFFERS].handle;
		arg->src.kind = w->buffer[c->side[1] % BUFFERS].kind;
		break;
	case 18: /* a side that isn't a buffer */
		arg->src = (struct dmabench_side){ .addr = user_address(w, c, 0) };
		break;
	default:
		spoil_segment(w, c, arg);
		break;
	}
}

/* The next buffer from a slot on that can be this side, beside the other one. */
static uint8_t fitting(const struct worker *w, const struct call *c, unsigned int i,
		       const struct buffer *other)
{
	uint32_t needed = i ? DMABENCH_BUF_DEST : DMABENCH_BUF_SOURCE;
	unsigned int k;

	for (k = 0; k < BUFFERS; k++) {
		unsigned int slot = (c->side[i] + k) % BUFFERS;
		const struct buffer *b = &w->buffer[slot];

		if (b->live && b->session == c->session && b->flags & needed && b != other &&
		    (!other || b->engine == other->engine))
			return (uint8_t)slot;
	}
	return c->side[i] & 0x7f;
}

/* Buffers if there are any; mostly such as go together. */
static void choose_sides(struct worker *w, const struct call *c, struct dmabench_batch *arg)
{
	struct call sides = *c;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		const struct buffer *other = i ? find_buffer(w, c->session, arg->src.handle) : NULL;

		sides.side[i] = c->extra & 0x30 ? fitting(w, c, i, other) : c->side[i] & 0x7f;
		choose_side(w, &sides, i, &arg->span, i ? &arg->dst : &arg->src);
	}
}

static struct dmabench_batch batch_request(struct worker *w, const struct call *c)
{
	const struct session *s = &w->session[c->session];
	struct dmabench_batch arg = { .span = c->len };
	const struct buffer *b;

	choose_sides(w, c, &arg);
	arg.engine = s->engine[w->own];
	b = find_buffer(w, c->session, arg.dst.handle);
	if (b && c->extra >> 6 & 15)
		arg.engine = s->engine[b->engine];
	memset(w->segment, 0, sizeof(w->segment));
	arg.segments = fill_list(w, c, arg.span);
	if (c->extra & 0x400)
		arg.depth = 1 + (c->extra >> 11) % 4;
	if (!(c->extra >> 14 & 7))
		arg.flags |= DMABENCH_COPY_POLL;
	if (!(c->extra >> 22 & 63))
		arg.timeout_ms = 1 + (c->extra >> 28);
	if (c->field)
		spoil_batch(w, c, &arg);
	tame_wait(w, c->session, arg.engine, &arg.timeout_ms, &arg.flags);
	return arg;
}

/* Returns whether all of the list can be read. */
static bool place_list(struct worker *w, const struct call *c, struct dmabench_batch *arg)
{
	size_t size = sizeof(w->segment[0]) * (arg->segments < SEGMENTS ? arg->segments : SEGMENTS);
	size_t head = size ? 1 + c->value % size : 0;
	uint8_t *at = w->box + LIST_AT;

	if (c->field == 19) {
		arg->segments_ptr = hostile(c->value | 8);
		return false;
	}
	if (c->field == 20) /* whole, or cut off: head is what can be read */
		at = w->box + 2 * PAGE - head;
	memcpy(c->field == 20 ? w->box_ro + PAGE - head : at, w->segment,
	       c->field == 20 ? head : size);
	arg->segments_ptr = (uintptr_t)at;
	return c->field != 20 || head == size;
}

/* The bytes of the destination: those of all segments, or after an error perhaps some. */
static bool check_moved(struct worker *w, const struct call *c, const struct dmabench_batch *arg,
			int err)
{
	uint8_t from[BUFFER_PAGES * PAGE];
	struct spans src, dst;
	enum change change = err ? MIXED : EXACT;
	uint32_t i;

	reach(w, c->session, &arg->src, arg->span, false, &src);
	reach(w, c->session, &arg->dst, arg->span, true, &dst);
	if (spans_vague(w, &src) || spans_vague(w, &dst) || spans_meet(&src, &dst))
		change = ANY;
	spans_get(w, &src, from);
	spans_get(w, &dst, w->scratch);
	for (i = 0; i < arg->segments; i++)
		memcpy(w->scratch + w->segment[i].dst, from + w->segment[i].src, w->segment[i].len);
	return changed(w, &dst, w->scratch, change);
}

static bool check_figures(struct worker *w, const struct dmabench_batch *arg,
			  const struct dmabench_batch *a)
{
	uint64_t stages = a->list_ns + a->map_ns + a->submit_ns + a->wait_ns + a->unmap_ns;
	struct dmabench_batch same = *a;
	uint64_t bytes = 0;
	uint32_t i;

	for (i = 0; i < arg->segments; i++)
		bytes += w->segment[i].len;
	if (a->copied != bytes || a->descriptors < arg->segments || stages > a->total_ns)
		return mismatch(w, "copied %llu in %llu descriptors, should be %llu",
				(unsigned long long)a->copied, (unsigned long long)a->descriptors,
				(unsigned long long)bytes);
	memcpy(&same.total_ns, &arg->total_ns, 8 * sizeof(same.total_ns));
	return !memcmp(&same, arg, sizeof(same)) || mismatch(w, "a field to be read was written");
}

bool do_batch(struct worker *w, const struct call *c)
{
	struct dmabench_batch arg = batch_request(w, c), answer;
	bool listed = place_list(w, c, &arg), begun;
	int err, fd = w->session[c->session].fd;
	struct expect e = { 0 };
	struct where at;

	at = place_request(w, c, &arg, sizeof(arg));
	if (at.readable)
		e = expect_batch(w, c->session, &arg, listed ? w->segment : NULL);
	begun = allowed(&e, 0);
	if (!at.readable || (!at.writable && begun)) {
		e.count -= at.readable; /* success, which comes first */
		memmove(e.err, e.err + 1, e.count * sizeof(e.err[0]));
		allow(&e, EFAULT);
	}
	if (c->alarm && begun)
		allow(&e, EINTR);
	alarm_on(w, c);
	err = make(w, "DMABENCH_IOC_BATCH", fd, DMABENCH_IOC_BATCH, &at, &arg, sizeof(arg));
	alarm_off(w, c);
	/* Where nothing was begun, all is looked at now and then. */
	if (!judge(w, &e, err) || (begun && !check_moved(w, c, &arg, err)))
		return false;
	if (err)
		return untouched(w, &at, &arg, sizeof(arg));
	memcpy(&answer, at.real, sizeof(answer));
	return check_figures(w, &arg, &answer);
}

// SPDX-License-Identifier: GPL-2.0-only
/* COPY, whole or spoilt, and what it may have changed. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "model.h"

/* A side: memory of the worker, or a buffer of the session where there is one. */
void choose_side(const struct worker *w, const struct call *c, unsigned int i, __u64 *len,
		 struct dmabench_side *side)
{
	const struct buffer *b;
	unsigned int slot;

	if (w->child && i) {
		side->kind = DMABENCH_BUF_USER;
		side->addr = (uintptr_t)w->arena + c->side[1] % 8 * PAGE + c->offset[1];
		return;
	}
	if (c->side[i] & 0x80 || !pick_buffer(w, c->session, c->side[i], &slot)) {
		side->kind = DMABENCH_BUF_USER;
		side->addr = user_address(w, c, i);
		return;
	}
	b = &w->buffer[slot];
	side->kind = b->kind;
	side->handle = b->handle;
	side->addr = c->offset[i] % b->size;
	if (*len > b->size - side->addr && c->choice & 7)
		*len = b->size - side->addr;
}

static void spoil_side(const struct call *c, struct dmabench_side *side, unsigned int what)
{
	if (what == 0)
		side->kind = (uint32_t)hostile(c->value & ~8ULL);
	else if (what == 1)
		side->handle = (uint32_t)hostile(c->value & ~8ULL);
	else
		side->addr = hostile(c->value);
}

bool spoil_sides(const struct call *c, struct dmabench_side *src, struct dmabench_side *dst)
{
	if (c->field < 1 || c->field > 6)
		return false;
	spoil_side(c, c->field <= 3 ? src : dst, (c->field - 1) % 3);
	return true;
}

/* To the last byte of a buffer, or one or two past it. */
static void to_the_end(struct worker *w, const struct call *c, struct dmabench_copy *arg)
{
	const struct dmabench_side *side = c->field & 1 ? &arg->src : &arg->dst;
	const struct buffer *b = find_buffer(w, c->session, side->handle);

	if (b && side->addr < b->size)
		arg->len = b->size - side->addr;
	arg->len += c->choice % 3;
}

static void spoil_copy(struct worker *w, const struct call *c, struct dmabench_copy *arg)
{
	uint64_t number = hostile(c->value & ~8ULL);

	if (spoil_sides(c, &arg->src, &arg->dst))
		return;
	switch (c->field) {
	case 7:
	case 8:
		arg->len = number;
		break;
	case 9:
		arg->chunk = number;
		break;
	case 10:
		arg->engine = (uint32_t)number;
		break;
	case 11:
		arg->depth = (uint32_t)number;
		break;
	case 12:
		arg->flags = c->side[0];
		break;
	case 13:
		arg->timeout_ms = (uint32_t)number;
		break;
	case 14:
		arg->latency_ptr = hostile(c->value | 8);
		break;
	case 15:
		arg->latency_count = (uint32_t)number;
		break;
	case 16:
		arg->reserved[c->choice % 4] = 1ULL << c->side[0] % 64;
		break;
	case 17: /* what is answered means nothing when asked */
		memset(&arg->latency_written, 0x5a, sizeof(arg->latency_written));
		memset(&arg->total_ns, 0x5a, 7 * sizeof(arg->total_ns));
		break;
	case 18: /* sides that meet, or almost do */
		arg->dst = arg->src;
		arg->dst.addr += c->choice & 1 ? arg->len : arg->len - 1;
		break;
	case 19: /* another session's, or one that is gone */
		arg->src.handle = w->buffer[c->side[1] % BUFFERS].handle;
		arg->src.kind = w->buffer[c->side[1] % BUFFERS].kind;
		break;
	case 20:
	case 21:
	case 22:
	case 23:
		to_the_end(w, c, arg);
		break;
	}
}

/* What would disturb others in ways that can't be predicted. */
void tame_wait(const struct worker *w, unsigned int session, uint32_t engine, __u32 *timeout_ms,
	       __u32 *flags)
{
	const struct session *s = &w->session[session];
	bool ours = w->world->exclusive && engine == s->engine[w->own];

	if (*timeout_ms && *timeout_ms < 1000 && !(ours || engine == s->engine[w->common]))
		*timeout_ms = 0;
	if (!w->world->exclusive) {
		*timeout_ms = 0;
		*flags &= ~DMABENCH_COPY_POLL;
	}
}

/* And what would only take long. */
static void tame(const struct worker *w, const struct call *c, struct dmabench_copy *arg)
{
	uint64_t least = arg->len / 16 + 1;

	if (arg->chunk && arg->chunk < least)
		arg->chunk = least;
	tame_wait(w, c->session, arg->engine, &arg->timeout_ms, &arg->flags);
}

/* Buffers work with their own engine only. */
static uint32_t choose_engine(struct worker *w, const struct call *c,
			      const struct dmabench_copy *arg)
{
	const struct session *s = &w->session[c->session];
	uint32_t engine = s->engine[c->extra & 7 ? w->own : w->common];
	unsigned int i;

	for (i = 0; i < 2 && c->extra >> 3 & 15; i++) {
		const struct buffer *b =
			find_buffer(w, c->session, (i ? arg->dst : arg->src).handle);

		if (b)
			engine = s->engine[b->engine];
	}
	for (i = 0; i < MAX_ENGINES && !engine; i++)
		engine = s->engine[i];
	return engine;
}

struct dmabench_copy copy_request(struct worker *w, const struct call *c)
{
	struct dmabench_copy arg = { .len = c->len };

	choose_side(w, c, 0, &arg.len, &arg.src);
	choose_side(w, c, 1, &arg.len, &arg.dst);
	if (c->field >= 28)
		alias_sides(w, c, &arg);
	arg.engine = choose_engine(w, c, &arg);
	if (c->extra & 0x100)
		arg.chunk = 1 + c->offset[0] + c->offset[1];
	if (c->extra & 0x200)
		arg.depth = 1 + (c->extra >> 10) % 4;
	if (!(c->extra >> 13 & 7))
		arg.flags |= DMABENCH_COPY_POLL;
	if (!(c->extra >> 16 & 7)) {
		arg.flags |= DMABENCH_COPY_TIMES;
		arg.latency_ptr = (uintptr_t)w->latency;
		arg.latency_count = (c->extra >> 19) % 8;
	}
	if (!(c->extra >> 22 & 63))
		arg.timeout_ms = 1 + (c->extra >> 28);
	spoil_copy(w, c, &arg);
	tame(w, c, &arg);
	return arg;
}

/* How much of a side is there at all, whatever was asked. */
uint64_t reach(struct worker *w, unsigned int session, const struct dmabench_side *side,
	       uint64_t len, bool write, struct spans *spans)
{
	const struct buffer *b;
	uint64_t there;

	spans->count = 0;
	if (side->kind == DMABENCH_BUF_USER) {
		there = pinnable(w, side->addr, len, write);
		spans_user(w, side->addr, there, spans);
		return there;
	}
	b = find_buffer(w, session, side->handle);
	if (!b || side->addr > b->size)
		return 0;
	there = b->size - side->addr < len ? b->size - side->addr : len;
	spans_buffer(b, side->addr, there, spans);
	return there;
}

/* The bytes of the destination: all of the source's, or after an error perhaps some. */
bool check_copied(struct worker *w, unsigned int session, const struct dmabench_copy *arg, int err,
		  bool late)
{
	struct spans src, dst;
	uint64_t from = reach(w, session, &arg->src, arg->len, false, &src);
	uint64_t to = reach(w, session, &arg->dst, arg->len, true, &dst);
	uint64_t both = from < to ? from : to;
	enum change change = err ? MIXED : EXACT;

	/* As far as both are there, for where one ends the copy does. */
	reach(w, session, &arg->src, both, false, &src);
	reach(w, session, &arg->dst, both, true, &dst);
	if ((err == EINVAL && !late) || !both)
		return true; /* nothing was begun; all is looked at now and then */
	if (spans_vague(w, &src) || spans_meet(&src, &dst))
		change = ANY;
	spans_get(w, &src, w->scratch);
	return changed(w, &dst, w->scratch, change);
}

/* The figures of an answer fit each other and what was asked. */
static bool check_figures(struct worker *w, const struct dmabench_copy *arg,
			  const struct dmabench_copy *a)
{
	uint64_t chunks = chunks_of(arg);
	uint64_t most = a->descriptors < arg->latency_count ? a->descriptors : arg->latency_count;
	uint64_t stages =
		a->pin_ns + a->map_ns + a->submit_ns + a->wait_ns + a->unmap_ns + a->unpin_ns;
	unsigned int i;

	if (a->copied != arg->len || a->chunks != chunks || a->descriptors < a->chunks ||
	    a->latency_written != most || stages > a->total_ns)
		return mismatch(w, "copied %llu, chunks %llu, descriptors %llu, %u latencies",
				(unsigned long long)a->copied, (unsigned long long)a->chunks,
				(unsigned long long)a->descriptors, a->latency_written);
	if (!a->sg_src_mapped || a->sg_src_mapped > a->sg_src_pinned || !a->sg_dst_mapped ||
	    a->sg_dst_mapped > a->sg_dst_pinned)
		return mismatch(w, "numbers of scatter-gather entries that can't be");
	for (i = 0; arg->latency_count && i < sizeof(w->latency) / sizeof(w->latency[0]); i++) {
		if ((i < a->latency_written) == (w->latency[i] == UINT64_MAX))
			return mismatch(w, "latency %u of %u is %#llx", i, a->latency_written,
					(unsigned long long)w->latency[i]);
	}
	if (memcmp(&a->src, &arg->src, 2 * sizeof(arg->src)) || a->len != arg->len ||
	    a->chunk != arg->chunk || a->depth != arg->depth || a->timeout_ms != arg->timeout_ms ||
	    a->engine != arg->engine || a->flags != arg->flags ||
	    a->latency_ptr != arg->latency_ptr || a->latency_count != arg->latency_count ||
	    memcmp(a->reserved, arg->reserved, sizeof(a->reserved)))
		return mismatch(w, "a field to be read was written");
	return true;
}

bool do_copy(struct worker *w, const struct call *c)
{
	struct dmabench_copy arg = copy_request(w, c), answer;
	int err, fd = w->session[c->session].fd;
	struct expect e = { 0 };
	struct where at;

	at = place_request(w, c, &arg, sizeof(arg));
	if (at.readable)
		e = expect_copy(w, c->session, &arg);
	if (!at.readable || (!at.writable && allowed(&e, 0))) {
		e.count -= at.readable; /* success, which comes first */
		memmove(e.err, e.err + 1, e.count * sizeof(e.err[0]));
		allow(&e, EFAULT);
	}
	if (c->alarm && !w->child && (e.pinned || !allowed(&e, EINVAL)))
		allow(&e, EINTR);
	if (arg.latency_count)
		memset(w->latency, 0xff, sizeof(w->latency));
	alarm_on(w, c);
	err = make(w, "DMABENCH_IOC_COPY", fd, DMABENCH_IOC_COPY, &at, &arg, sizeof(arg));
	alarm_off(w, c);
	if (!judge(w, &e, err) ||
	    !check_copied(w, c->session, &arg, at.readable ? err : EINVAL, e.late))
		return false;
	if (err)
		return untouched(w, &at, &arg, sizeof(arg));
	memcpy(&answer, at.real, sizeof(answer));
	return check_figures(w, &arg, &answer);
}

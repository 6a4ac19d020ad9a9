// SPDX-License-Identifier: GPL-2.0-only
/* pread and pwrite at the offset of a buffer. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "model.h"

struct rw {
	bool write; /* pwrite */
	uint64_t addr, len, offset;
	struct buffer *b; /* which is there, if one is */
	uint64_t pos;	  /* in it */
	uint64_t want;	  /* what of len can be had from the buffer */
	uint64_t there;	  /* and what of the caller's memory */
};

static void choose(struct worker *w, const struct call *c, struct rw *rw)
{
	unsigned int slot, i;

	rw->addr = user_address(w, c, 1);
	rw->len = c->len;
	if (pick_buffer(w, c->session, c->side[0], &slot)) {
		/* Mostly one that can be read. */
		for (i = 0; i < BUFFERS && c->choice & 3; i++) {
			const struct buffer *b = &w->buffer[(slot + i) % BUFFERS];

			if (b->live && b->session == c->session && b->kind == DMABENCH_BUF_KERNEL)
				break;
		}
		slot = (slot + i) % BUFFERS;
		if (!w->buffer[slot].live)
			slot = c->side[0] % BUFFERS;
		rw->offset = (uint64_t)w->buffer[slot].handle << 32;
	}
	rw->offset += c->extra & 3 ? c->offset[0] : 0;
	if (c->field == 1)
		rw->addr = hostile(c->value | 8);
	else if (c->field == 2)
		rw->len = hostile(c->value & ~8ULL);
	else if (c->field == 3)
		rw->offset = hostile(c->value & ~8ULL);
	else if (c->field == 4)
		rw->offset += (c->value & 7) * PAGE;
	else if (c->field == 5)
		rw->len = 0;
}

/* Addresses past what a program can have may be refused before anything else is looked at. */
static bool user_range(uint64_t addr, uint64_t len)
{
	return addr + len >= addr && addr + len <= 0x7ffffffff000;
}

static struct expect expect_rw(struct worker *w, const struct call *c, struct rw *rw)
{
	const struct session *s = &w->session[c->session];
	struct expect e = { 0 };

	if (rw->offset >> 63)
		allow(&e, EINVAL);
	if (s->mode == (rw->write ? O_RDONLY : O_WRONLY))
		allow(&e, EBADF);
	if (rw->len > 0x7fffffffffffffff) /* not a ssize_t */
		allow(&e, EINVAL);
	rw->b = find_buffer(w, c->session, (uint32_t)(rw->offset >> 32));
	if (!rw->b || rw->b->kind != DMABENCH_BUF_KERNEL) {
		rw->b = NULL;
		allow(&e, EINVAL);
	}
	if (!user_range(rw->addr, rw->len))
		allow(&e, EFAULT);
	if (e.count && !(rw->b && allowed(&e, EFAULT) && e.count == 1))
		return e;
	rw->pos = rw->offset & 0xffffffff;
	rw->want = rw->pos < rw->b->size ? rw->b->size - rw->pos : 0;
	rw->want = rw->len < rw->want ? rw->len : rw->want;
	rw->there = accessible(w, rw->addr, rw->want, !rw->write);
	if (rw->write && rw->len && rw->pos >= rw->b->size)
		allow(&e, ENOSPC);
	else if (rw->there < rw->want)
		allow(&e, EFAULT);
	if (!rw->want || rw->there)
		if (!allowed(&e, ENOSPC))
			allow(&e, 0);
	if (c->alarm && rw->want)
		allow(&e, EINTR);
	return e;
}

static bool check_bytes(struct worker *w, struct rw *rw, ssize_t done)
{
	struct spans user, kernel, *src = &user, *dst = &kernel;
	enum change change = rw->there == rw->want && done >= 0 ? EXACT : MIXED;

	spans_user(w, rw->addr, rw->there, &user);
	spans_buffer(rw->b, rw->pos, rw->there, &kernel);
	if (!rw->write) {
		src = &kernel;
		dst = &user;
	}
	if (spans_vague(w, src))
		change = ANY;
	spans_get(w, src, w->scratch);
	return changed(w, dst, w->scratch, change);
}

bool do_rw(struct worker *w, const struct call *c)
{
	struct rw rw = { .write = c->op == OP_PWRITE };
	struct session *s = &w->session[c->session];
	struct expect e;
	ssize_t done;
	int err;

	choose(w, c, &rw);
	e = expect_rw(w, c, &rw);
	w->made = (struct made){ .name = rw.write ? "pwrite" : "pread", .fd = s->fd };
	w->made.number[0] = rw.addr;
	w->made.number[1] = rw.len;
	w->made.number[2] = rw.offset;
	if (w->world->trace)
		print_made(w, stderr);
	alarm_on(w, c);
	if (rw.write)
		done = pwrite(s->fd, (void *)rw.addr, rw.len, (off_t)rw.offset);
	else
		done = pread(s->fd, (void *)rw.addr, rw.len, (off_t)rw.offset);
	err = done < 0 ? errno : 0;
	alarm_off(w, c);
	if (!judge(w, &e, err))
		return false;
	if (!rw.b || !rw.there)
		return true;
	if (!err && (uint64_t)done > rw.there)
		return mismatch(w, "%zd bytes of the %llu that there are", done,
				(unsigned long long)rw.there);
	if (!err && rw.there == rw.want && (uint64_t)done != rw.want)
		return mismatch(w, "%zd bytes instead of %llu", done, (unsigned long long)rw.want);
	return check_bytes(w, &rw, done);
}

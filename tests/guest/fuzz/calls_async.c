// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies by IORING_OP_URING_CMD: a few are submitted at once, and all are there before the
 * call is over. The ring is the worker's own. Children don't use it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fuzz.h"
#include "model.h"

#ifdef HAVE_LIBURING
#include <liburing.h>

#ifndef IORING_SETUP_SINGLE_ISSUER
#define IORING_SETUP_SINGLE_ISSUER (1U << 12)
#endif
#ifndef IORING_SETUP_DEFER_TASKRUN
#define IORING_SETUP_DEFER_TASKRUN (1U << 13)
#endif

struct async {
	struct io_uring ring;
	bool deferred; /* nothing completes before it is waited for */
};

/* One of a call, with what is expected of it and what came. */
struct flight {
	struct where at;
	struct expect expect;
	bool readable, done;
	int err;
};

bool async_built(void)
{
	return true;
}

/* In the worker's own thread. Every other worker's completions wait until it asks for them. */
bool async_open(struct worker *w)
{
	unsigned int flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

	w->async = calloc(1, sizeof(*w->async));
	if (!w->async)
		return false;
	w->async->deferred = (w->index + w->world->seed) % 2;
	errno = -io_uring_queue_init(8, &w->async->ring, w->async->deferred ? flags : 0);
	return !errno;
}

void async_close(struct worker *w)
{
	io_uring_queue_exit(&w->async->ring);
	free(w->async);
	w->async = NULL;
}

/* The same call's, but of other memory. */
static struct call variant(const struct call *c, unsigned int i)
{
	struct call v = *c;

	v.side[0] = (uint8_t)(v.side[0] + 5 * i);
	v.side[1] = (uint8_t)(v.side[1] + 3 * i);
	v.len = 1 + (v.len + 1000 * i) % (3 * PAGE);
	if (i) {
		v.field = 0;
		v.argp = 0;
	}
	return v;
}

static void choose_submission(struct worker *w, const struct call *c, struct submission *s)
{
	struct call plain = *c;

	/* What only COPY has is mostly left out. */
	if (c->choice & 0x70)
		plain.extra = (c->extra & ~(0x300U)) | 0xe000 | 0x70000;
	*s = (struct submission){ .cmd = (uint32_t)DMABENCH_URING_COPY };
	s->copy = copy_request(w, &plain);
	/* By a thread of io_uring's, which may be later than the submission. */
	if (!(c->value & 7))
		s->flags = IOSQE_ASYNC;
	if (c->field == 24)
		s->reserved = 1ULL << c->choice % 64;
	else if (c->field == 25)
		s->cmd = (uint32_t)DMABENCH_IOC_COPY;
	else if (c->field == 26)
		s->cmd = (uint32_t)hostile(c->value & ~8ULL);
}

/* Requests after the first lie further on in the box. */
static void place(struct worker *w, const struct call *c, unsigned int i, struct submission *s,
		  struct flight *f)
{
	if (!i) {
		f->at = place_request(w, c, &s->copy, sizeof(s->copy));
		f->readable = f->at.readable;
	} else {
		f->at = (struct where){ .address = w->box + 1024 * i };
		f->at.real = f->at.address;
		f->readable = true;
		memcpy(f->at.address, &s->copy, sizeof(s->copy));
	}
	s->address = (uintptr_t)f->at.address;
}

static bool same_page(const struct spans *a, const struct spans *b)
{
	unsigned int i, k;

	for (i = 0; i < a->count; i++) {
		for (k = 0; k < b->count; k++) {
			if (a->at[i].page == b->at[k].page)
				return true;
		}
	}
	return false;
}

/*
 * What one copy writes another must not touch, or there would be no telling what comes of it;
 * so they have no page in common but what is only read.
 */
static bool apart(struct worker *w, unsigned int session, const struct dmabench_copy *a,
		  const struct dmabench_copy *b)
{
	struct spans a_src, a_dst, b_src, b_dst;

	reach(w, session, &a->src, a->len, false, &a_src);
	reach(w, session, &a->dst, a->len, true, &a_dst);
	reach(w, session, &b->src, b->len, false, &b_src);
	reach(w, session, &b->dst, b->len, true, &b_dst);
	return !same_page(&a_dst, &b_dst) && !same_page(&a_dst, &b_src) &&
	       !same_page(&a_src, &b_dst);
}

static bool share_buffer(const struct dmabench_copy *a, const struct dmabench_copy *b)
{
	uint32_t src = a->src.handle, dst = a->dst.handle;

	return (src && (src == b->src.handle || src == b->dst.handle)) ||
	       (dst && (dst == b->src.handle || dst == b->dst.handle));
}

/* What copies at the same time do to each other. */
static void expect_company(struct worker *w, const struct submission *s, struct flight *f,
			   unsigned int count)
{
	bool simulated = !strcmp(w->world->driver, "dmabench_sim"), timeout = false;
	unsigned int i, k;

	for (i = 0; i < count; i++)
		timeout = timeout || allowed(&f[i].expect, ETIMEDOUT);
	for (i = 0; i < count; i++) {
		if (!allowed(&f[i].expect, 0))
			continue;
		/* One that isn't there in time takes the others on its channel along. */
		if (timeout)
			allow(&f[i].expect, EIO);
		/* No buffer of the simulator needs syncing. */
		for (k = 0; k < i && !simulated; k++) {
			if (share_buffer(&s[i].copy, &s[k].copy))
				allow(&f[i].expect, EBUSY);
		}
	}
}

static void queue(struct worker *w, int fd, const struct submission *s, unsigned int i)
{
	struct dmabench_uring payload = { .copy_ptr = s->address, .reserved = s->reserved };
	struct io_uring_sqe *sqe = io_uring_get_sqe(&w->async->ring);

	if (!sqe)
		abort();
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->flags = s->flags;
	sqe->cmd_op = s->cmd;
	sqe->user_data = i;
	memcpy(sqe->cmd, &payload, sizeof(payload));
}

/*
 * Memory of the caller's may have to be got first, elsewhere, and a channel that others use too may
 * be busy: then the copy begins later.
 */
static bool begins_at_once(struct worker *w, const struct call *c, const struct submission *s)
{
	return !s->flags && s->copy.src.kind != DMABENCH_BUF_USER &&
	       s->copy.dst.kind != DMABENCH_BUF_USER && w->world->exclusive && !w->world->phase &&
	       find_engine_of(&w->session[c->session], s->copy.engine) == (int)w->own;
}

/* A buffer that a copy in flight has stays. */
static bool try_destroy(struct worker *w, int fd, const struct submission *s)
{
	struct dmabench_destroy arg = { .handle = s->copy.src.handle ? s->copy.src.handle
								     : s->copy.dst.handle };
	int err;

	if (!arg.handle)
		return true;
	err = ioctl(fd, DMABENCH_IOC_BUFFER_DESTROY, &arg) ? errno : 0;
	return err == EBUSY || mismatch(w, "BUFFER_DESTROY of a buffer in flight: %s",
					err ? strerrorname_np(err) : "success");
}

static bool complete(struct worker *w, struct flight *f, unsigned int count)
{
	unsigned int left = count;

	while (left) {
		struct io_uring_cqe *cqe;
		int err = io_uring_wait_cqe(&w->async->ring, &cqe);

		if (err == -EINTR)
			continue;
		if (err)
			return mismatch(w, "io_uring_wait_cqe: %s", strerrorname_np(-err));
		if (cqe->user_data >= count || f[cqe->user_data].done || cqe->res > 0)
			return mismatch(w, "completion %llu with %d isn't one of these",
					(unsigned long long)cqe->user_data, cqe->res);
		f[cqe->user_data].done = true;
		f[cqe->user_data].err = -cqe->res;
		io_uring_cqe_seen(&w->async->ring, cqe);
		left--;
	}
	return true;
}

static bool check(struct worker *w, const struct call *c, const struct submission *s,
		  const struct flight *f)
{
	const struct expect *e = &f->expect;
	int err = f->err;

	if (!judge(w, e, err))
		return false;
	/* Nothing was begun: all is looked at now and then. */
	if (!allowed(e, 0) && !allowed(e, EFAULT))
		err = EINVAL;
	if (err == EBUSY || !f->readable)
		err = EINVAL;
	return check_copied(w, c->session, &s->copy, err, false) &&
	       untouched(w, &f->at, &s->copy, sizeof(s->copy));
}

bool do_async(struct worker *w, const struct call *c)
{
	struct submission *s = w->made.submission;
	unsigned int wanted = 1 + (c->extra >> 29) % IN_FLIGHT, count, i, k;
	struct flight f[IN_FLIGHT] = { 0 };
	int fd = w->session[c->session].fd, got;
	bool ok;

	for (count = 0; count < wanted; count++) {
		struct call v = variant(c, count);

		choose_submission(w, &v, &s[count]);
		for (k = 0; k < count; k++) {
			if (!apart(w, c->session, &s[k].copy, &s[count].copy))
				break;
		}
		if (k < count)
			break;
		place(w, &v, count, &s[count], &f[count]);
		f[count].expect = expect_async(w, c->session, &s[count], f[count].readable);
		queue(w, fd, &s[count], count);
	}
	expect_company(w, s, f, count);
	w->calls[OP_ASYNC] += count - 1;
	w->made.name = "io_uring";
	w->made.fd = fd;
	w->made.submissions = count;
	if (w->world->trace)
		print_made(w, stderr);
	alarm_on(w, c);
	got = io_uring_submit(&w->async->ring);
	ok = got == (int)count || mismatch(w, "io_uring_submit: %d", got);
	if (ok && w->async->deferred && begins_at_once(w, c, &s[0]) && f[0].expect.count == 1 &&
	    allowed(&f[0].expect, 0))
		ok = try_destroy(w, fd, &s[0]);
	ok = ok && complete(w, f, count);
	alarm_off(w, c);
	for (i = 0; i < count && ok; i++)
		ok = check(w, c, &s[i], &f[i]);
	return ok;
}

#else

bool async_built(void)
{
	return false;
}

bool async_open(struct worker *w)
{
	(void)w;
	return true;
}

void async_close(struct worker *w)
{
	(void)w;
}

/* Built without liburing: another way to copy instead, so that lists of calls stay as they are. */
bool do_async(struct worker *w, const struct call *c)
{
	return do_copy(w, c);
}

#endif

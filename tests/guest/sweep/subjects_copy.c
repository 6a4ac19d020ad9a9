// SPDX-License-Identifier: GPL-2.0-only
/* Copies between the kinds of memory, and pread and pwrite. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sweep.h"

/* Fresh pages for user memory: faulting them in is part of the copy. */
static void refresh(struct end *end)
{
	if (end->kind == DMABENCH_BUF_USER)
		assert_int_equal(madvise(end->memory, end->span, MADV_DONTNEED), 0);
}

void copy_prepare(struct sweep *s)
{
	const struct subject *subject = s->subject;
	struct dmabench_copy *arg = &s->arg.copy;

	if (!s->from) {
		s->from = pages(SPAN);
		s->seen = pages(SPAN);
		pattern(s->from, SPAN, 7);
		end_make(&s->bench, &s->src, subject->src, SPAN);
		end_make(&s->bench, &s->dst, subject->dst, SPAN);
		end_fill(&s->bench, &s->src, s->from);
	}
	memset(s->seen, 0, SPAN);
	if (s->dst.kind == DMABENCH_BUF_USER)
		refresh(&s->dst);
	else
		end_fill(&s->bench, &s->dst, s->seen);
	s->offset = 100;
	s->len = on_sim(&s->bench) ? 4 * PAGE + 50 : 300;
	memset(arg, 0, sizeof(*arg));
	arg->src = end_side(&s->src, s->offset);
	arg->dst = end_side(&s->dst, s->offset);
	arg->len = s->len;
	arg->chunk = on_sim(&s->bench) ? subject->chunk : subject->chunk / 32;
	arg->depth = subject->depth;
	arg->flags = subject->flags;
	arg->engine = s->bench.engine;
	if (subject->latencies) {
		arg->flags |= DMABENCH_COPY_TIMES;
		arg->latency_ptr = (uintptr_t)s->latency;
		arg->latency_count = subject->latencies;
	}
}

/* Buffers that no copy was made between: whether they have memory in common isn't known yet. */
static void first_copy_prepare(struct sweep *s)
{
	copy_done(s);
	copy_prepare(s);
}

static int copy_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_COPY, &s->arg.copy);
}

/* Where a byte of the destination comes from; NULL: from nowhere, it wasn't asked for. */
static const char *origin(const struct sweep *s, size_t at)
{
	unsigned int i;

	if (at - s->offset < s->len)
		return s->from + at;
	for (i = 0; i < 3; i++) {
		if (at - s->list[i].dst < s->list[i].len)
			return s->from + s->list[i].src + (at - s->list[i].dst);
	}
	return NULL;
}

/* Nothing but the asked bytes may ever change. */
bool guards_right(struct sweep *s)
{
	size_t i;

	end_look(&s->bench, &s->dst, s->seen);
	for (i = 0; i < SPAN; i++) {
		if (!origin(s, i) && s->seen[i])
			return wrong(s, "a byte that wasn't asked for has changed");
	}
	return true;
}

/* All that was asked for, after a look at the guards. */
bool bytes_right(struct sweep *s)
{
	size_t i;

	for (i = 0; i < SPAN; i++) {
		const char *from = origin(s, i);

		if (from && s->seen[i] != *from)
			return wrong(s, "the bytes");
	}
	return true;
}

static bool copy_right(struct sweep *s)
{
	const struct dmabench_copy *arg = &s->arg.copy;

	if (!guards_right(s))
		return false;
	if (arg->copied != s->len || (s->subject->latencies && !arg->latency_written))
		return wrong(s, "the answer's figures");
	return bytes_right(s);
}

/* When a subject is done with, not after each call. */
void copy_done(struct sweep *s)
{
	if (!s->from)
		return;
	end_drop(&s->bench, &s->src);
	end_drop(&s->bench, &s->dst);
	pages_free(s->from, SPAN);
	pages_free(s->seen, SPAN);
	s->from = NULL;
	s->len = 0;
	memset(s->list, 0, sizeof(s->list));
}

static int rw_result(ssize_t done, size_t len)
{
	return done < 0 ? errno : (size_t)done < len ? SHORT : 0;
}

static int pread_call(struct sweep *s)
{
	return rw_result(pread(s->bench.fd, s->dst.memory + s->offset, s->len,
			       (off_t)(s->src.offset + s->offset)),
			 s->len);
}

static int pwrite_call(struct sweep *s)
{
	return rw_result(pwrite(s->bench.fd, s->src.memory + s->offset, s->len,
				(off_t)(s->dst.offset + s->offset)),
			 s->len);
}

static bool rw_right(struct sweep *s)
{
	return guards_right(s) && bytes_right(s);
}

#define USER DMABENCH_BUF_USER
#define REGISTERED DMABENCH_BUF_REGISTERED
#define COHERENT_BUF DMABENCH_BUF_COHERENT
#define KERNEL DMABENCH_BUF_KERNEL
#define COPY .prepare = copy_prepare, .call = copy_call, .right = copy_right

const struct subject copy_subjects[] = {
	{ .name = "pread",
	  .src = KERNEL,
	  .dst = USER,
	  .prepare = copy_prepare,
	  .call = pread_call,
	  .right = rw_right },
	{ .name = "pwrite",
	  .src = USER,
	  .dst = KERNEL,
	  .prepare = copy_prepare,
	  .call = pwrite_call,
	  .right = rw_right },
	{ .name = "COPY user to user", .src = USER, .dst = USER, COPY },
	{ .name = "COPY user to user in chunks of a page",
	  .src = USER,
	  .dst = USER,
	  .chunk = PAGE,
	  .depth = 2,
	  COPY },
	{ .name = "COPY user to user with latencies",
	  .src = USER,
	  .dst = USER,
	  .chunk = 2 * PAGE,
	  .latencies = 64,
	  COPY },
	{ .name = "COPY user to user, polling",
	  .src = USER,
	  .dst = USER,
	  .flags = DMABENCH_COPY_POLL,
	  .sim_only = true,
	  COPY },
	{ .name = "COPY registered to registered", .src = REGISTERED, .dst = REGISTERED, COPY },
	{ .name = "COPY registered to registered, the first between them",
	  .src = REGISTERED,
	  .dst = REGISTERED,
	  .prepare = first_copy_prepare,
	  .call = copy_call,
	  .right = copy_right },
	{ .name = "COPY registered to user", .src = REGISTERED, .dst = USER, COPY },
	{ .name = "COPY user to coherent", .src = USER, .dst = COHERENT_BUF, COPY },
	{ .name = "COPY coherent to kernel", .src = COHERENT_BUF, .dst = KERNEL, COPY },
	{ .name = "COPY kernel to user in chunks of a page",
	  .src = KERNEL,
	  .dst = USER,
	  .chunk = PAGE,
	  .latencies = 8,
	  COPY },
	{ .name = NULL },
};

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

int copy_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_COPY, &s->arg.copy);
}

/* Nothing but the asked bytes may ever change. */
bool guards_right(struct sweep *s)
{
	size_t i;

	end_look(&s->bench, &s->dst, s->seen);
	for (i = 0; i < SPAN; i++) {
		if ((i < s->offset || i >= s->offset + s->len) && s->seen[i])
			return wrong(s, "a byte that wasn't asked for has changed");
	}
	return true;
}

bool copy_right(struct sweep *s)
{
	const struct dmabench_copy *arg = &s->arg.copy;

	if (!guards_right(s))
		return false;
	if (arg->copied != s->len || (s->subject->latencies && !arg->latency_written))
		return wrong(s, "the answer's figures");
	if (memcmp(s->seen + s->offset, s->from + s->offset, s->len))
		return wrong(s, "the bytes");
	return true;
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
}

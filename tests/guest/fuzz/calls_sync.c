// SPDX-License-Identifier: GPL-2.0-only
/* BUFFER_SYNC, of which no byte may change. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "model.h"

static void spoil(const struct worker *w, const struct call *c, struct dmabench_sync *arg)
{
	switch (c->field) {
	case 1:
		arg->flags = (uint32_t)hostile(c->value & ~8ULL);
		break;
	case 2:
		arg->handle = (uint32_t)hostile(c->value & ~8ULL);
		break;
	case 3:
		arg->handle = any_engine(w, c);
		break;
	case 4: /* of the other session, or none any more */
		arg->handle = w->buffer[c->side[0] % BUFFERS].handle;
		break;
	case 5:
		arg->offset = hostile(c->value);
		break;
	case 6:
		arg->len = hostile(c->value);
		break;
	case 7:
		arg->reserved0 = 1U << c->choice % 32;
		break;
	case 8:
		arg->reserved[c->choice % COUNT(arg->reserved)] = 1ULL << c->side[1] % 64;
		break;
	case 9:
		arg->device_ns = arg->cpu_ns = c->value;
		arg->needed = (uint32_t)c->value;
		break;
	}
}

/* Bytes that another buffer has too, or this one twice. */
static bool twice(const struct worker *w, const struct buffer *of)
{
	const struct buffer *b;
	struct spans ours, theirs;

	spans_buffer(of, 0, of->size, &ours);
	for (b = w->buffer; b < w->buffer + BUFFERS; b++) {
		if (!b->live || b == of)
			continue;
		spans_buffer(b, 0, b->size, &theirs);
		if (spans_meet(&ours, &theirs))
			return true;
	}
	return spans_fold(&ours);
}

/*
 * Where memory is mapped twice at one bus address, the kernel's list of DMA mappings
 * (CONFIG_DMA_API_DEBUG) can tell one whole mapping from the other, but calls a part of them
 * "not allocated". Such a buffer is synced in whole.
 */
static void spare_the_list(struct worker *w, const struct call *c, struct dmabench_sync *arg)
{
	const struct buffer *b = find_buffer(w, c->session, arg->handle);
	struct expect e = expect_sync(w, c->session, arg);

	if (!allowed(&e, 0) || !twice(w, b))
		return;
	arg->offset = 0;
	arg->len = b->size;
}

/* The answer: what was asked, and figures that can be. */
static bool check_answer(struct worker *w, const struct dmabench_sync *arg,
			 const struct dmabench_sync *answer)
{
	struct dmabench_sync same = *answer;

	if (answer->needed > 1)
		return mismatch(w, "needed is %u", answer->needed);
	same.device_ns = arg->device_ns;
	same.cpu_ns = arg->cpu_ns;
	same.needed = arg->needed;
	return !memcmp(&same, arg, sizeof(same)) || mismatch(w, "a field to be read was written");
}

bool do_sync(struct worker *w, const struct call *c)
{
	struct dmabench_sync arg = { .handle = c->extra & 0xfff, .offset = c->offset[0] }, answer;
	int err, fd = w->session[c->session].fd;
	struct expect e = { 0 };
	unsigned int slot;
	struct where at;

	arg.len = c->len;
	if (pick_buffer(w, c->session, c->side[0], &slot)) {
		const struct buffer *b = &w->buffer[slot];

		/* Mostly within it. */
		arg.handle = b->handle;
		arg.offset %= b->size;
		if (c->side[1] & 3)
			arg.len = 1 + c->len % (b->size - arg.offset);
	}
	spoil(w, c, &arg);
	spare_the_list(w, c, &arg);
	at = place_request(w, c, &arg, sizeof(arg));
	e = at.readable ? expect_sync(w, c->session, &arg) : only(EFAULT);
	if (!at.writable && allowed(&e, 0))
		e = only(EFAULT);
	err = make(w, "DMABENCH_IOC_BUFFER_SYNC", fd, DMABENCH_IOC_BUFFER_SYNC, &at, &arg,
		   sizeof(arg));
	if (!judge(w, &e, err))
		return false;
	if (err)
		return untouched(w, &at, &arg, sizeof(arg));
	memcpy(&answer, at.real, sizeof(answer));
	return check_answer(w, &arg, &answer);
}

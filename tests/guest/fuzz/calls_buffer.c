// SPDX-License-Identifier: GPL-2.0-only
/* Calls about buffers: BUFFER_CREATE and BUFFER_DESTROY. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "model.h"

void buffer_gone(struct worker *w, struct buffer *b)
{
	unsigned int i;

	for (i = 0; i < b->pages; i++)
		page_put(w, b->page[i]);
	b->live = false;
}

/* The next one of the session from a slot on. */
bool pick_buffer(const struct worker *w, unsigned int session, unsigned int from,
		 unsigned int *slot)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		*slot = (from + i) % BUFFERS;
		if (w->buffer[*slot].live && w->buffer[*slot].session == session)
			return true;
	}
	return false;
}

static struct buffer *free_slot(struct worker *w)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		if (!w->buffer[i].live)
			return &w->buffer[i];
	}
	return NULL;
}

uint32_t any_engine(const struct worker *w, const struct call *c)
{
	const struct session *s = &w->session[c->session];
	unsigned int first = c->extra & 3 ? w->own : w->common, i;

	if (s->engine[first])
		return s->engine[first];
	for (i = 0; i < MAX_ENGINES; i++) {
		if (s->engine[i])
			return s->engine[i];
	}
	return 0;
}

/* Nothing in between what the model can hold and what is too much. */
static uint64_t spoilt_size(const struct worker *w, const struct call *c)
{
	uint64_t size = hostile(c->value & ~8ULL);

	if (size > (BUFFER_PAGES - 1) * PAGE && size <= w->world->info.max_coherent)
		return w->world->info.max_coherent + 1;
	return size;
}

static void spoil_create(const struct worker *w, const struct call *c, struct dmabench_buffer *arg)
{
	switch (c->field) {
	case 1:
		arg->engine = (uint32_t)hostile(c->value & ~8ULL);
		break;
	case 2:
		arg->kind = (uint32_t)hostile(c->value & ~8ULL);
		break;
	case 3:
		arg->flags = c->side[1];
		break;
	case 4:
		arg->node = (int32_t)hostile(c->value & ~8ULL);
		break;
	case 5:
		arg->addr = hostile(c->value | 8);
		break;
	case 6:
	case 7:
		arg->size = spoilt_size(w, c);
		break;
	case 8:
		arg->reserved0 = 1U << c->choice % 32;
		break;
	case 9:
		arg->reserved[c->choice % 4] = 1ULL << c->side[1] % 64;
		break;
	case 10: /* the engine of a buffer's number */
		arg->engine = w->buffer[c->side[1] % BUFFERS].handle;
		break;
	case 11: /* what is answered means nothing when asked */
		arg->handle = arg->sg_pinned = arg->sg_mapped = (uint32_t)c->value;
		arg->mmap_offset = arg->pin_ns = arg->map_ns = c->value;
		break;
	case 12:
		arg->addr += (2 * (c->value % 16) + 1) << 29; /* no arena is there */
		break;
	}
}

static struct dmabench_buffer create_request(const struct worker *w, const struct call *c)
{
	static const uint32_t kinds[] = { DMABENCH_BUF_REGISTERED, DMABENCH_BUF_COHERENT,
					  DMABENCH_BUF_KERNEL };
	struct dmabench_buffer arg = {
		.engine = any_engine(w, c),
		.kind = kinds[c->choice % 3],
		.flags = c->extra & 0x10 ? BOTH : 1 + (c->extra >> 5) % 3,
		.node = -1,
		.size = c->len,
	};

	if (arg.kind == DMABENCH_BUF_REGISTERED)
		arg.addr = user_address(w, c, 0);
	if (arg.kind == DMABENCH_BUF_KERNEL && c->extra & 0x100)
		arg.node = (int32_t)(c->extra >> 9 & 1);
	spoil_create(w, c, &arg);
	return arg;
}

/* The answer: what was asked, and figures that can be. */
static bool check_answer(struct worker *w, unsigned int session, const struct dmabench_buffer *arg,
			 const struct dmabench_buffer *answer)
{
	struct dmabench_buffer same = *answer;
	uint64_t offset = arg->kind == DMABENCH_BUF_REGISTERED ? 0 : (uint64_t)answer->handle << 32;

	if (!answer->handle || answer->handle > 4095 || find_buffer(w, session, answer->handle) ||
	    find_engine_of(&w->session[session], answer->handle) >= 0)
		return mismatch(w, "handle %u can't be", answer->handle);
	if (answer->mmap_offset != offset)
		return mismatch(w, "mmap_offset is %#llx", (unsigned long long)answer->mmap_offset);
	if (!answer->sg_mapped || answer->sg_mapped > answer->sg_pinned ||
	    answer->sg_pinned > BUFFER_PAGES)
		return mismatch(w, "sg_pinned %u, sg_mapped %u", answer->sg_pinned,
				answer->sg_mapped);
	same.handle = arg->handle;
	same.sg_pinned = arg->sg_pinned;
	same.sg_mapped = arg->sg_mapped;
	same.mmap_offset = arg->mmap_offset;
	same.pin_ns = arg->pin_ns;
	same.map_ns = arg->map_ns;
	return !memcmp(&same, arg, sizeof(same)) || mismatch(w, "a field to be read was written");
}

static bool created(struct worker *w, unsigned int session, const struct dmabench_buffer *answer)
{
	struct buffer *b = free_slot(w);
	uint64_t head = answer->addr % PAGE;
	struct spans spans;
	unsigned int i;

	*b = (struct buffer){
		.live = true,
		.session = (uint8_t)session,
		.engine = (uint8_t)find_engine_of(&w->session[session], answer->engine),
		.number = ++w->next_number,
		.handle = answer->handle,
		.kind = answer->kind,
		.flags = answer->flags,
		.addr = answer->addr,
		.size = answer->size,
		.pages = (unsigned int)((head + answer->size + PAGE - 1) / PAGE),
	};
	if (b->kind == DMABENCH_BUF_REGISTERED) {
		spans_user(w, answer->addr, answer->size, &spans);
		for (i = 0; i < b->pages; i++) {
			b->page[i] = spans.at[i].page;
			page_get(w, b->page[i]);
		}
		return true;
	}
	for (i = 0; i < b->pages; i++)
		b->page[i] = page_new(w);
	/* Zeros, to the end of the last page. */
	spans_buffer(b, 0, b->size, &spans);
	memset(w->scratch, 0, b->size);
	return changed(w, &spans, w->scratch, EXACT);
}

bool do_create(struct worker *w, const struct call *c)
{
	struct dmabench_buffer arg, answer;
	int err, fd = w->session[c->session].fd;
	struct expect e = { 0 };
	struct where at;

	if (!free_slot(w))
		return do_destroy(w, c);
	arg = create_request(w, c);
	at = place_request(w, c, &arg, sizeof(arg));
	if (at.readable)
		e = expect_create(w, c->session, &arg);
	if (!at.readable || (!at.writable && allowed(&e, 0)))
		e = (struct expect){ .count = 1, .err = { EFAULT } };
	err = make(w, "DMABENCH_IOC_BUFFER_CREATE", fd, DMABENCH_IOC_BUFFER_CREATE, &at, &arg,
		   sizeof(arg));
	if (!judge(w, &e, err))
		return false;
	if (err)
		return untouched(w, &at, &arg, sizeof(arg));
	memcpy(&answer, at.real, sizeof(answer));
	return check_answer(w, c->session, &arg, &answer) && created(w, c->session, &answer);
}

bool do_destroy(struct worker *w, const struct call *c)
{
	struct dmabench_destroy arg = { .handle = c->extra & 0xfff };
	int err, fd = w->session[c->session].fd;
	struct expect e = { 0 };
	unsigned int slot;
	struct where at;

	if (pick_buffer(w, c->session, c->side[0], &slot))
		arg.handle = w->buffer[slot].handle;
	if (c->field == 1)
		arg.flags = (uint32_t)hostile(c->value & ~8ULL);
	else if (c->field == 2)
		arg.handle = (uint32_t)hostile(c->value & ~8ULL);
	else if (c->field == 3)
		arg.handle = any_engine(w, c);
	else if (c->field == 4)
		arg.handle = w->buffer[c->side[0] % BUFFERS].handle;
	at = place_request(w, c, &arg, sizeof(arg));
	if (at.readable)
		e = expect_destroy(w, c->session, &arg);
	else
		allow(&e, EFAULT);
	err = make(w, "DMABENCH_IOC_BUFFER_DESTROY", fd, DMABENCH_IOC_BUFFER_DESTROY, &at, &arg,
		   sizeof(arg));
	if (!judge(w, &e, err))
		return false;
	if (!err)
		buffer_gone(w, find_buffer(w, c->session, arg.handle));
	return untouched(w, &at, &arg, sizeof(arg));
}

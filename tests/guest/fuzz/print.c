// SPDX-License-Identifier: GPL-2.0-only
/* Prints a call as it would be written in C. */
#include <string.h>

#include "fuzz.h"

static const char *const kinds[] = { "USER", "REGISTERED", "COHERENT", "KERNEL" };

static void print_kind(FILE *to, uint32_t kind)
{
	if (kind < 4)
		fprintf(to, "DMABENCH_BUF_%s", kinds[kind]);
	else
		fprintf(to, "%u", kind);
}

static void print_side(FILE *to, const char *name, const struct dmabench_side *side)
{
	fprintf(to, ".%s = { ", name);
	print_kind(to, side->kind);
	fprintf(to, ", %u, %#llx }, ", side->handle, (unsigned long long)side->addr);
}

static void print_u64(FILE *to, const char *name, uint64_t value)
{
	if (value)
		fprintf(to, ".%s = %#llx, ", name, (unsigned long long)value);
}

static void print_reserved(FILE *to, const __u64 *reserved, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (reserved[i])
			fprintf(to, ".reserved[%u] = %#llx, ", i, (unsigned long long)reserved[i]);
	}
}

static void print_copy(FILE *to, const struct dmabench_copy *a)
{
	print_side(to, "src", &a->src);
	print_side(to, "dst", &a->dst);
	print_u64(to, "len", a->len);
	print_u64(to, "chunk", a->chunk);
	print_u64(to, "engine", a->engine);
	print_u64(to, "depth", a->depth);
	print_u64(to, "flags", a->flags);
	print_u64(to, "timeout_ms", a->timeout_ms);
	print_u64(to, "latency_ptr", a->latency_ptr);
	print_u64(to, "latency_count", a->latency_count);
	print_reserved(to, a->reserved, 4);
}

static void print_batch(FILE *to, const struct dmabench_batch *a,
			const struct dmabench_segment *list)
{
	uint32_t i;

	print_side(to, "src", &a->src);
	print_side(to, "dst", &a->dst);
	print_u64(to, "span", a->span);
	print_u64(to, "segments", a->segments);
	print_u64(to, "engine", a->engine);
	print_u64(to, "depth", a->depth);
	print_u64(to, "flags", a->flags);
	print_u64(to, "timeout_ms", a->timeout_ms);
	print_u64(to, "reserved0", a->reserved0);
	print_reserved(to, a->reserved, 4);
	fprintf(to, ".segments_ptr = %#llx /* ", (unsigned long long)a->segments_ptr);
	for (i = 0; i < a->segments && i < SEGMENTS; i++)
		fprintf(to, "{ %#llx, %#llx, %#llx }, ", (unsigned long long)list[i].src,
			(unsigned long long)list[i].dst, (unsigned long long)list[i].len);
	fprintf(to, "*/ ");
}

static void print_buffer(FILE *to, const struct dmabench_buffer *a)
{
	fprintf(to, ".engine = %u, .kind = ", a->engine);
	print_kind(to, a->kind);
	fprintf(to, ", .flags = %u, .node = %d, ", a->flags, a->node);
	print_u64(to, "addr", a->addr);
	print_u64(to, "size", a->size);
	print_u64(to, "reserved0", a->reserved0);
	print_reserved(to, a->reserved, 4);
}

static void print_sync(FILE *to, const struct dmabench_sync *a)
{
	fprintf(to, ".handle = %u, ", a->handle);
	print_u64(to, "flags", a->flags);
	print_u64(to, "offset", a->offset);
	print_u64(to, "len", a->len);
	print_u64(to, "reserved0", a->reserved0);
	print_reserved(to, a->reserved, COUNT(a->reserved));
}

static void print_open(FILE *to, const struct dmabench_engine_open *a)
{
	size_t len = strnlen(a->name, sizeof(a->name));

	fprintf(to, ".name = \"%.*s\"%s, ", (int)len, a->name,
		len == sizeof(a->name) ? " /* no NUL */" : "");
	print_u64(to, "flags", a->flags);
	print_reserved(to, a->reserved, 2);
}

static void print_request(FILE *to, const struct worker *w, const struct made *m)
{
	fprintf(to, "{ ");
	switch (m->cmd) {
	case DMABENCH_IOC_ENGINE_INFO:
		fprintf(to, ".index = %u, ", m->in.engine_info.index);
		print_u64(to, "reserved0", m->in.engine_info.reserved0);
		print_u64(to, "reserved1", m->in.engine_info.reserved1);
		print_reserved(to, m->in.engine_info.reserved, COUNT(m->in.engine_info.reserved));
		break;
	case DMABENCH_IOC_ENGINE_OPEN:
		print_open(to, &m->in.open);
		break;
	case DMABENCH_IOC_BUFFER_CREATE:
		print_buffer(to, &m->in.buffer);
		break;
	case DMABENCH_IOC_BUFFER_DESTROY:
		fprintf(to, ".handle = %u, .flags = %#x ", m->in.destroy.handle,
			m->in.destroy.flags);
		break;
	case DMABENCH_IOC_BUFFER_SYNC:
		print_sync(to, &m->in.sync);
		break;
	case DMABENCH_IOC_COPY:
		print_copy(to, &m->in.copy);
		break;
	case DMABENCH_IOC_BATCH:
		print_batch(to, &m->in.batch, w->segment);
		break;
	}
	fprintf(to, "}");
}

/* Those of a call are submitted together. */
static void print_submission(FILE *to, const struct made *m, const struct submission *s)
{
	fprintf(to, "put(&ring, %d, %#x%s, ", m->fd, s->cmd,
		s->cmd == DMABENCH_URING_COPY ? " /* DMABENCH_URING_COPY */" : "");
	fprintf(to, "%#llx /* { ", (unsigned long long)s->address);
	print_copy(to, &s->copy);
	fprintf(to, "} */, %#llx%s); ", (unsigned long long)s->reserved,
		s->flags ? " /* IOSQE_ASYNC */" : "");
}

void print_made(const struct worker *w, FILE *to)
{
	const struct made *m = &w->made;
	unsigned int i;

	if (!m->name) {
		fprintf(to, "(nothing)\n");
		return;
	}
	if (m->submissions) {
		for (i = 0; i < m->submissions; i++)
			print_submission(to, m, &m->submission[i]);
		fprintf(to, "io_uring_submit(&ring);\n");
		return;
	}
	if (m->request) {
		fprintf(to, "ioctl(%d, %s, ", m->fd, m->name);
		if (m->odd)
			fprintf(to, "(void *)%#llx /* ", (unsigned long long)m->address);
		else
			fprintf(to, "&(struct request)");
		print_request(to, w, m);
		fprintf(to, "%s);\n", m->odd ? " */" : "");
		return;
	}
	fprintf(to, "%s(%d", m->name, m->fd);
	for (i = 0; i < 5; i++)
		fprintf(to, ", %#llx", (unsigned long long)m->number[i]);
	fprintf(to, ");\n");
}

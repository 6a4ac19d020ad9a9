// SPDX-License-Identifier: GPL-2.0-only
/* Ends of copies. Any step may find that the engine's device is gone: ENODEV. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stress.h"

static __thread sigjmp_buf gone;
static __thread volatile sig_atomic_t guarded;

static void on_sigbus(int sig)
{
	if (guarded)
		siglongjmp(gone, 1);
	signal(sig, SIG_DFL);
}

/* Coherent memory may go with its device; touching it then is a SIGBUS. */
void catch_sigbus(void)
{
	struct sigaction action = { .sa_handler = on_sigbus };

	sigaction(SIGBUS, &action, NULL);
}

static int touch(char *to, const char *from, size_t len)
{
	if (sigsetjmp(gone, 1)) {
		guarded = 0;
		return ENODEV;
	}
	guarded = 1;
	memcpy(to, from, len);
	guarded = 0;
	return 0;
}

/* Any of the engines that are there. */
int session_open(struct session *s, uint64_t *rng)
{
	struct dmabench_engine_info info = { .index = (uint32_t)rng_below(rng, 2) };
	int err;

	s->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (s->fd < 0)
		return errno;
	err = request(s->fd, DMABENCH_IOC_ENGINE_INFO, &info);
	if (err == ENOENT)
		err = ENODEV;
	if (!err)
		err = open_engine(s->fd, info.name, &s->engine);
	if (err)
		close(s->fd);
	else
		COUNT(sessions, 1);
	return err;
}

int span_make(const struct session *s, struct span *span, uint32_t kind, size_t len)
{
	struct bench bench = { .fd = s->fd, .engine = s->engine };
	struct dmabench_buffer buffer;
	int err;

	*span = (struct span){ .kind = kind, .len = len };
	if (kind == DMABENCH_BUF_USER || kind == DMABENCH_BUF_REGISTERED)
		span->memory = pages(len);
	if (kind == DMABENCH_BUF_USER)
		return 0;
	err = create(&bench, kind, span->memory, len, &buffer);
	span->handle = buffer.handle;
	span->offset = buffer.mmap_offset;
	if (!err && kind == DMABENCH_BUF_COHERENT) {
		span->memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd,
				    (off_t)span->offset);
		if (span->memory != MAP_FAILED)
			return 0;
		err = errno;
		destroy(s->fd, span->handle);
		span->memory = NULL;
	}
	if (err && kind == DMABENCH_BUF_REGISTERED)
		pages_free(span->memory, len);
	if (err)
		span->kind = DMABENCH_BUF_USER, span->memory = NULL;
	return err;
}

int span_drop(const struct session *s, struct span *span)
{
	int err = 0;

	if (span->kind == DMABENCH_BUF_COHERENT)
		munmap(span->memory, span->len);
	if (span->kind != DMABENCH_BUF_USER)
		err = destroy(s->fd, span->handle);
	if (span->memory && span->kind != DMABENCH_BUF_COHERENT)
		pages_free(span->memory, span->len);
	span->memory = NULL;
	return err;
}

int span_fill(const struct session *s, const struct span *span, const char *from)
{
	if (span->memory)
		return touch(span->memory, from, span->len);
	return pwrite(s->fd, from, span->len, (off_t)span->offset) < 0 ? errno : 0;
}

int span_look(const struct session *s, const struct span *span, char *to)
{
	if (span->memory)
		return touch(to, span->memory, span->len);
	return pread(s->fd, to, span->len, (off_t)span->offset) < 0 ? errno : 0;
}

static struct dmabench_side side_of(const struct span *span)
{
	return (struct dmabench_side){
		.kind = span->kind,
		.handle = span->handle,
		.addr = span->kind == DMABENCH_BUF_USER ? (uintptr_t)span->memory : 0,
	};
}

int span_copy(const struct session *s, const struct span *dst, const struct span *src, size_t len,
	      uint64_t *rng)
{
	struct dmabench_copy arg = {
		.src = side_of(src),
		.dst = side_of(dst),
		.len = len,
		.engine = s->engine,
		.depth = (uint32_t)rng_below(rng, 4),
		.chunk = rng_below(rng, 2) ? PAGE : 0,
		.flags = rng_below(rng, 8) ? 0 : DMABENCH_COPY_POLL,
		.timeout_ms = 60000,
	};

	return request(s->fd, DMABENCH_IOC_COPY, &arg);
}

// SPDX-License-Identifier: GPL-2.0-only
/* The calls whose faults are swept, other than copies. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sweep.h"

static int open_call(struct sweep *s)
{
	s->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	return s->fd < 0 ? errno : 0;
}

static bool open_right(struct sweep *s)
{
	struct dmabench_info info;

	return !request(s->fd, DMABENCH_IOC_INFO, &info) || wrong(s, "the session");
}

static void close_session(struct sweep *s)
{
	close(s->fd);
	s->fd = -1;
}

/* Somebody of whom the driver has never heard, as the user that pays; what is done is root's. */
static void stranger_prepare(struct sweep *s)
{
	(void)s;
	assert_int_equal(setresuid(12345, 0, 0), 0);
}

static void stranger_undo(struct sweep *s)
{
	close_session(s);
	assert_int_equal(setresuid(0, 0, 0), 0);
}

static int info_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_INFO, &s->arg.info);
}

static bool info_right(struct sweep *s)
{
	const struct dmabench_info *info = &s->arg.info;

	return (info->abi_version == DMABENCH_ABI_VERSION && info->engine_count >= 1 &&
		info->max_handles && !info->reserved[3]) ||
	       wrong(s, "INFO's answer");
}

static int engine_info_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_ENGINE_INFO, &s->arg.engine_info);
}

static void engine_info_prepare(struct sweep *s)
{
	memset(&s->arg, 0, sizeof(s->arg));
	s->arg.engine_info.index = s->bench.info.index;
}

static bool engine_info_right(struct sweep *s)
{
	struct dmabench_engine_info *info = &s->arg.engine_info;

	info->flags = s->bench.info.flags;
	return !memcmp(info, &s->bench.info, sizeof(*info)) || wrong(s, "ENGINE_INFO's answer");
}

/* A session that has it open can't open it again, so there is a new one each time. */
static void engine_open_prepare(struct sweep *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_true(s->fd >= 0);
	memset(&s->arg, 0, sizeof(s->arg));
	memcpy(s->arg.open.name, s->bench.info.name, sizeof(s->arg.open.name));
}

static int engine_open_call(struct sweep *s)
{
	return request(s->fd, DMABENCH_IOC_ENGINE_OPEN, &s->arg.open);
}

static bool engine_open_right(struct sweep *s)
{
	uint32_t again;

	return open_engine(s->fd, s->bench.info.name, &again) == EBUSY ||
	       wrong(s, "the engine isn't open");
}

static void create_prepare(struct sweep *s)
{
	if (!s->memory)
		s->memory = pages(SPAN);
	assert_int_equal(madvise(s->memory, SPAN, MADV_DONTNEED), 0);
	memset(&s->arg, 0, sizeof(s->arg));
	s->arg.buffer.engine = s->bench.engine;
	s->arg.buffer.kind = s->subject->src;
	s->arg.buffer.flags = BOTH;
	s->arg.buffer.node = -1;
	s->arg.buffer.size = SPAN - 10;
	if (s->subject->src == DMABENCH_BUF_REGISTERED)
		s->arg.buffer.addr = (uintptr_t)s->memory + 5;
}

/* Pages of a private mapping that show the file's; they become its own when they are registered. */
static void create_private_prepare(struct sweep *s)
{
	int fd = memfd_create("private", MFD_CLOEXEC), flags = MAP_PRIVATE | MAP_FIXED;

	create_prepare(s);
	assert_true(fd >= 0 && !ftruncate(fd, SPAN));
	assert_int_equal(pwrite(fd, "file", 4, 0), 4);
	assert_ptr_equal(mmap(s->memory, SPAN, PROT_READ | PROT_WRITE, flags, fd, 0), s->memory);
	close(fd);
	s->arg.buffer.flags = DMABENCH_BUF_SOURCE;
}

static int create_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_BUFFER_CREATE, &s->arg.buffer);
}

static bool create_right(struct sweep *s)
{
	return s->arg.buffer.handle || wrong(s, "the handle");
}

static void create_undo(struct sweep *s)
{
	assert_int_equal(destroy(s->bench.fd, s->arg.buffer.handle), 0);
}

/* A buffer that a failed attempt left is used for the next one. */
static void destroy_prepare(struct sweep *s)
{
	if (!s->buffer.handle)
		assert_int_equal(create(&s->bench, DMABENCH_BUF_KERNEL, NULL, SPAN, &s->buffer), 0);
	memset(&s->arg, 0, sizeof(s->arg));
	s->arg.destroy.handle = s->buffer.handle;
}

static int destroy_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_BUFFER_DESTROY, &s->arg.destroy);
}

static bool destroy_right(struct sweep *s)
{
	s->buffer.handle = 0;
	return destroy(s->bench.fd, s->arg.destroy.handle) == EINVAL ||
	       wrong(s, "the buffer is still there");
}

static void sync_prepare(struct sweep *s)
{
	if (!s->buffer.handle)
		assert_int_equal(create(&s->bench, DMABENCH_BUF_KERNEL, NULL, SPAN, &s->buffer), 0);
	memset(&s->arg, 0, sizeof(s->arg));
	s->arg.sync.handle = s->buffer.handle;
	s->arg.sync.len = SPAN;
	s->arg.sync.cpu_ns = UINT64_MAX;
}

static int sync_call(struct sweep *s)
{
	return request(s->bench.fd, DMABENCH_IOC_BUFFER_SYNC, &s->arg.sync);
}

static bool sync_right(struct sweep *s)
{
	return s->arg.sync.cpu_ns != UINT64_MAX || wrong(s, "BUFFER_SYNC's answer");
}

static void mmap_prepare(struct sweep *s)
{
	if (!s->buffer.handle)
		assert_int_equal(create(&s->bench, DMABENCH_BUF_COHERENT, NULL, SPAN, &s->buffer),
				 0);
}

static int mmap_call(struct sweep *s)
{
	s->mapping = mmap(NULL, SPAN, PROT_READ | PROT_WRITE, MAP_SHARED, s->bench.fd,
			  (off_t)s->buffer.mmap_offset);
	return s->mapping == MAP_FAILED ? errno : 0;
}

static bool mmap_right(struct sweep *s)
{
	const char *at = s->mapping;
	size_t i;

	for (i = 0; i < SPAN; i++) {
		if (at[i])
			return wrong(s, "the mapping isn't zero");
	}
	return true;
}

/* Nothing holds the buffer any more. */
static void mmap_undo(struct sweep *s)
{
	assert_int_equal(munmap(s->mapping, SPAN), 0);
	assert_int_equal(destroy(s->bench.fd, s->buffer.handle), 0);
	s->buffer.handle = 0;
}

/* The end of a session with all there is in it can't fail, whatever does. */
static void close_prepare(struct sweep *s)
{
	struct bench other = s->bench;
	uint32_t kind;

	if (!s->memory)
		s->memory = pages(SPAN);
	s->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	other.fd = s->fd;
	assert_int_equal(open_engine(s->fd, s->bench.info.name, &other.engine), 0);
	for (kind = DMABENCH_BUF_REGISTERED; kind <= DMABENCH_BUF_KERNEL; kind++) {
		void *memory = kind == DMABENCH_BUF_REGISTERED ? s->memory : NULL;

		assert_int_equal(create(&other, kind, memory, SPAN, &s->buffer), 0);
	}
	s->buffer.handle = 0;
}

static int close_call(struct sweep *s)
{
	int err = close(s->fd) ? errno : 0;

	s->fd = -1;
	return err;
}

#define REGISTERED DMABENCH_BUF_REGISTERED
#define COHERENT_BUF DMABENCH_BUF_COHERENT
#define KERNEL DMABENCH_BUF_KERNEL

const struct subject call_subjects[] = {
	{ .name = "open", .call = open_call, .right = open_right, .undo = close_session },
	{ .name = "open by a user who had nothing",
	  .prepare = stranger_prepare,
	  .call = open_call,
	  .right = open_right,
	  .undo = stranger_undo },
	{ .name = "INFO", .call = info_call, .right = info_right },
	{ .name = "ENGINE_INFO",
	  .prepare = engine_info_prepare,
	  .call = engine_info_call,
	  .right = engine_info_right },
	{ .name = "ENGINE_OPEN",
	  .prepare = engine_open_prepare,
	  .call = engine_open_call,
	  .right = engine_open_right },
	{ .name = "BUFFER_CREATE registered",
	  .src = REGISTERED,
	  .prepare = create_prepare,
	  .call = create_call,
	  .right = create_right,
	  .undo = create_undo },
	{ .name = "BUFFER_CREATE registered, to be read, private pages of a file",
	  .src = REGISTERED,
	  .prepare = create_private_prepare,
	  .call = create_call,
	  .right = create_right,
	  .undo = create_undo },
	{ .name = "BUFFER_CREATE coherent",
	  .src = COHERENT_BUF,
	  .prepare = create_prepare,
	  .call = create_call,
	  .right = create_right,
	  .undo = create_undo },
	{ .name = "BUFFER_CREATE kernel",
	  .src = KERNEL,
	  .prepare = create_prepare,
	  .call = create_call,
	  .right = create_right,
	  .undo = create_undo },
	{ .name = "BUFFER_SYNC", .prepare = sync_prepare, .call = sync_call, .right = sync_right },
	{ .name = "BUFFER_DESTROY",
	  .prepare = destroy_prepare,
	  .call = destroy_call,
	  .right = destroy_right },
	{ .name = "mmap",
	  .prepare = mmap_prepare,
	  .call = mmap_call,
	  .right = mmap_right,
	  .undo = mmap_undo },
	{ .name = "close", .safe = true, .prepare = close_prepare, .call = close_call },
	{ .name = NULL },
};

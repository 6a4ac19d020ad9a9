// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session that all threads of a process share, on an engine that all processes share.
 * Which handle is there when a call arrives is anybody's guess, so a few results are
 * allowed; but a byte of any of its buffers is never anything but 0 or what rule() says.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#define SHARED_SIZE (2 * PAGE)

static uint8_t rule(uint64_t offset)
{
	return (uint8_t)(rng_mix(offset) | 1);
}

static bool follows_rule(struct worker *w, const uint8_t *bytes, uint64_t offset, uint64_t len)
{
	uint64_t i;

	for (i = 0; i < len; i++) {
		if (bytes[i] && bytes[i] != rule(offset + i))
			return mismatch(w, "byte %llu of a shared buffer is %02x",
					(unsigned long long)(offset + i), bytes[i]);
	}
	return true;
}

static bool one_of(struct worker *w, const char *name, int err, const int *errs)
{
	struct expect e = { .count = 1 };

	w->made = (struct made){ .name = name, .fd = w->world->shared_fd };
	while (*errs)
		allow(&e, *errs++);
	/* The session lasts longer than its engine. */
	if (w->world->phase)
		allow(&e, ENODEV);
	return judge(w, &e, err);
}

static bool shared_create(struct worker *w, const struct call *c)
{
	static const int errs[] = { 0 };
	struct world *world = w->world;
	unsigned int slot = c->side[0] % 4;
	struct dmabench_buffer arg = {
		.engine = world->shared_engine,
		.kind = slot & 1 ? DMABENCH_BUF_COHERENT : DMABENCH_BUF_KERNEL,
		.flags = BOTH,
		.node = -1,
		.size = SHARED_SIZE,
	};
	struct dmabench_destroy old = { 0 };
	int err = ioctl(world->shared_fd, DMABENCH_IOC_BUFFER_CREATE, &arg) ? errno : 0;

	if (!one_of(w, "shared BUFFER_CREATE", err, errs))
		return false;
	old.handle = __atomic_exchange_n(&world->shared_handle[slot], arg.handle, __ATOMIC_SEQ_CST);
	/* Whoever uses it at this moment is done soon. */
	while (old.handle && ioctl(world->shared_fd, DMABENCH_IOC_BUFFER_DESTROY, &old)) {
		if (errno == EINVAL)
			break; /* another thread was faster */
		if (errno != EBUSY)
			return mismatch(w, "shared BUFFER_DESTROY: %s", strerrorname_np(errno));
		usleep(100);
	}
	return true;
}

static bool shared_destroy(struct worker *w, uint32_t handle)
{
	static const int errs[] = { EINVAL, EBUSY, 0 };
	struct dmabench_destroy arg = { .handle = handle };
	int err = ioctl(w->world->shared_fd, DMABENCH_IOC_BUFFER_DESTROY, &arg) ? errno : 0;

	return one_of(w, "shared BUFFER_DESTROY", err, errs);
}

static bool shared_copy(struct worker *w, const struct call *c, uint32_t handle, bool in)
{
	static const int errs[] = { EINVAL, EIO, 0 };
	uint64_t offset = c->offset[0], len = c->len % PAGE + 1, i;
	struct dmabench_side user = { .kind = DMABENCH_BUF_USER, .addr = (uintptr_t)w->scratch };
	struct dmabench_side buffer = {
		.kind = c->side[0] & 1 ? DMABENCH_BUF_COHERENT : DMABENCH_BUF_KERNEL,
		.handle = handle,
		.addr = offset,
	};
	struct dmabench_copy arg = {
		.src = in ? user : buffer,
		.dst = in ? buffer : user,
		.len = len,
		.engine = w->world->shared_engine,
	};
	int err;

	for (i = 0; i < len; i++)
		w->scratch[i] = in ? rule(offset + i) : 0;
	err = ioctl(w->world->shared_fd, DMABENCH_IOC_COPY, &arg) ? errno : 0;
	return one_of(w, "shared COPY", err, errs) &&
	       (in || follows_rule(w, w->scratch, offset, len));
}

static bool shared_rw(struct worker *w, const struct call *c, uint32_t handle, bool in)
{
	static const int errs[] = { EINVAL, 0 };
	uint64_t offset = c->offset[0], len = c->len % PAGE + 1, i;
	off_t at = (off_t)(((uint64_t)handle << 32) + offset);
	ssize_t done;

	for (i = 0; i < len; i++)
		w->scratch[i] = in ? rule(offset + i) : 0;
	if (in)
		done = pwrite(w->world->shared_fd, w->scratch, len, at);
	else
		done = pread(w->world->shared_fd, w->scratch, len, at);
	if (!one_of(w, in ? "shared pwrite" : "shared pread", done < 0 ? errno : 0, errs))
		return false;
	return in || follows_rule(w, w->scratch, offset, len);
}

static bool shared_mmap(struct worker *w, const struct call *c, uint32_t handle)
{
	static const int errs[] = { EINVAL, 0 };
	unsigned int page = c->choice >> 7;
	off_t at = (off_t)(((uint64_t)handle << 32) + page * PAGE);
	uint8_t *memory = mmap(w->landing, PAGE, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_FIXED_NOREPLACE, w->world->shared_fd, at);
	bool ok;

	if (!one_of(w, "shared mmap", memory == MAP_FAILED ? errno : 0, errs))
		return false;
	if (memory == MAP_FAILED)
		return true;
	ok = follows_rule(w, memory, page * PAGE, PAGE);
	memory[c->offset[1]] = rule(page * PAGE + c->offset[1]);
	munmap(memory, PAGE);
	return ok;
}

bool do_shared(struct worker *w, const struct call *c)
{
	uint32_t handle =
		__atomic_load_n(&w->world->shared_handle[c->side[0] % 4], __ATOMIC_SEQ_CST);

	switch (c->choice % 8) {
	case 0:
	case 1:
		return shared_create(w, c);
	case 2:
		return shared_destroy(w, handle);
	case 3:
		return shared_rw(w, c, handle, c->extra & 1);
	case 4:
		if (w->world->phase) /* it would be touched when it has gone */
			break;
		return shared_mmap(w, c, handle);
	}
	return shared_copy(w, c, handle, c->extra & 1);
}

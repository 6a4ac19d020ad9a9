// SPDX-License-Identifier: GPL-2.0-only
/* Calls about sessions and engines: open, close, INFO, ENGINE_INFO, ENGINE_OPEN, no command. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"
#include "model.h"

static void made_call(struct worker *w, const char *name, int fd, uint64_t a, uint64_t b)
{
	memset(&w->made, 0, sizeof(w->made));
	w->made.name = name;
	w->made.fd = fd;
	w->made.number[0] = a;
	w->made.number[1] = b;
	if (w->world->trace)
		print_made(w, stderr);
}

bool do_open(struct worker *w, const struct call *c)
{
	static const int modes[] = { O_RDWR, O_RDWR, O_RDWR,   O_RDWR,
				     O_RDWR, O_RDWR, O_RDONLY, O_WRONLY };
	struct session *s = &w->session[c->session];
	int mode = modes[c->choice % 8];

	if (s->fd >= 0)
		return true;
	made_call(w, "open", c->session, (uint64_t)mode, 0);
	memset(s, 0, sizeof(*s));
	s->mode = mode;
	s->fd = open(DMABENCH_DEVICE, mode | O_CLOEXEC);
	if (s->fd < 0)
		return mismatch(w, "open failed: %s", strerrorname_np(errno));
	return true;
}

/* What is mapped of its buffers stays, and so do their pages. */
bool do_close(struct worker *w, const struct call *c)
{
	struct session *s = &w->session[c->session];
	unsigned int i;

	if (s->fd < 0)
		return true;
	made_call(w, "close", s->fd, 0, 0);
	for (i = 0; i < BUFFERS; i++) {
		if (w->buffer[i].live && w->buffer[i].session == c->session)
			buffer_gone(w, &w->buffer[i]);
	}
	if (close(s->fd))
		return mismatch(w, "close failed: %s", strerrorname_np(errno));
	s->fd = -1;
	return true;
}

bool do_info(struct worker *w, const struct call *c)
{
	struct dmabench_info arg;
	struct where at;
	struct expect e = { 0 };
	int err, fd = w->session[c->session].fd;

	memset(&arg, 0xaa, sizeof(arg));
	at = place_request(w, c, &arg, sizeof(arg));
	allow(&e, at.writable ? 0 : EFAULT);
	err = make(w, "DMABENCH_IOC_INFO", fd, DMABENCH_IOC_INFO, &at, &arg, sizeof(arg));
	if (!judge(w, &e, err))
		return false;
	if (err)
		return untouched(w, &at, &arg, sizeof(arg));
	if (!w->world->phase && memcmp(at.real, &w->world->info, sizeof(arg)))
		return mismatch(w, "INFO says something else than at the start");
	return true;
}

bool do_engine_info(struct worker *w, const struct call *c)
{
	struct dmabench_engine_info arg, answer;
	struct expect e = { 0 };
	struct where at;
	int err, fd = w->session[c->session].fd;
	uint32_t index = c->choice % (w->world->engines + 2);

	memset(&arg, c->value & 1 ? 0x55 : 0, sizeof(arg));
	memset(arg.reserved, 0, sizeof(arg.reserved));
	arg.reserved0 = 0;
	arg.reserved1 = 0;
	if (c->field == 1)
		index = (uint32_t)hostile(c->value & ~8ULL);
	else if (c->field == 2)
		*(c->side[0] & 1 ? &arg.reserved0 : &arg.reserved1) = 1U << c->choice % 32;
	else if (c->field == 3)
		arg.reserved[c->choice % COUNT(arg.reserved)] = 1ULL << c->side[0] % 64;
	arg.index = index;
	at = place_request(w, c, &arg, sizeof(arg));
	if (!at.readable)
		allow(&e, EFAULT);
	else if (c->field == 2 || c->field == 3)
		allow(&e, EINVAL);
	else if (index >= w->world->engines)
		allow(&e, ENOENT);
	else
		allow(&e, at.writable ? 0 : EFAULT);
	err = make(w, "DMABENCH_IOC_ENGINE_INFO", fd, DMABENCH_IOC_ENGINE_INFO, &at, &arg,
		   sizeof(arg));
	if (!judge(w, &e, err))
		return false;
	if (err)
		return untouched(w, &at, &arg, sizeof(arg));
	memcpy(&answer, at.real, sizeof(answer));
	answer.flags &= ~DMABENCH_ENGINE_IN_USE;
	if (w->world->phase && (w->phase % 4 || w->phase != unbind_phase(w->world)))
		return true;
	if (memcmp(&answer, &w->world->engine[index], sizeof(answer)))
		return mismatch(w, "ENGINE_INFO says something else than at the start");
	return true;
}

static void choose_name(struct worker *w, const struct call *c, char *name)
{
	const struct world *world = w->world;

	switch (c->choice % 8) {
	case 0:
		memset(name, 0, DMABENCH_NAME_LEN);
		return;
	case 1:
	case 2:
		memcpy(name, world->engine[w->common].name, DMABENCH_NAME_LEN);
		return;
	}
	memcpy(name, world->engine[w->own].name, DMABENCH_NAME_LEN);
	/* What comes after the name means nothing. */
	if (c->value & 1)
		memset(name + strlen(name) + 1, 0x7f, DMABENCH_NAME_LEN - strlen(name) - 1);
}

static void spoil_open(const struct call *c, struct dmabench_engine_open *arg)
{
	switch (c->field) {
	case 1:
		arg->flags = (uint32_t)hostile(c->value & ~8ULL);
		break;
	case 2:
		arg->reserved[c->choice % 2] = 1ULL << c->side[0] % 64;
		break;
	case 3:
		memset(arg->name, 'x', sizeof(arg->name));
		break;
	case 4:
		snprintf(arg->name, sizeof(arg->name), "dma%uchan%u", c->side[0], c->side[1] + 64U);
		break;
	case 5:
		arg->name[strlen(arg->name) / 2] ^= 1;
		break;
	case 6:
		arg->engine = (uint32_t)hostile(c->value & ~8ULL);
		break;
	}
}

static bool handle_new(struct worker *w, unsigned int session, uint32_t handle)
{
	if (!handle || handle > 4095)
		return mismatch(w, "handle %u isn't within 1 to 4095", handle);
	if (find_buffer(w, session, handle) || find_engine_of(&w->session[session], handle) >= 0)
		return mismatch(w, "handle %u is that of something else", handle);
	return true;
}

bool do_engine_open(struct worker *w, const struct call *c)
{
	struct session *s = &w->session[c->session];
	struct dmabench_engine_open arg = { .flags = 0 }, answer;
	struct expect e = { 0 };
	struct where at;
	int err, engine = -1;

	choose_name(w, c, arg.name);
	spoil_open(c, &arg);
	at = place_request(w, c, &arg, sizeof(arg));
	if (at.readable)
		e = expect_engine_open(w, c->session, &arg, &engine);
	if (!at.readable || (!at.writable && allowed(&e, 0)))
		e = (struct expect){ .count = 1, .err = { EFAULT } };
	alarm_on(w, c);
	err = make(w, "DMABENCH_IOC_ENGINE_OPEN", s->fd, DMABENCH_IOC_ENGINE_OPEN, &at, &arg,
		   sizeof(arg));
	alarm_off(w, c);
	if (!judge(w, &e, err))
		return false;
	if (err)
		return untouched(w, &at, &arg, sizeof(arg));
	memcpy(&answer, at.real, sizeof(answer));
	if (!handle_new(w, c->session, answer.engine))
		return false;
	if (engine < 0)
		return mismatch(w, "an engine was opened that isn't there");
	unbind_opened(w, s, !any_open(s));
	s->engine[engine] = answer.engine;
	answer.engine = arg.engine;
	if (memcmp(&answer, &arg, sizeof(arg)))
		return mismatch(w, "ENGINE_OPEN wrote to more than engine");
	return true;
}

/* Commands that look like ours. */
bool do_command(struct worker *w, const struct call *c)
{
	static const unsigned long ours[] = {
		DMABENCH_IOC_INFO,	    DMABENCH_IOC_ENGINE_INFO,	 DMABENCH_IOC_ENGINE_OPEN,
		DMABENCH_IOC_BUFFER_CREATE, DMABENCH_IOC_BUFFER_DESTROY, DMABENCH_IOC_COPY,
		DMABENCH_IOC_BATCH,	    DMABENCH_IOC_BUFFER_SYNC,
	};
	uint32_t cmd = (uint32_t)ours[c->side[0] % COUNT(ours)];
	void *arg = c->value & 1 ? w->box : (void *)hostile(c->value);
	int err, fd = w->session[c->session].fd;

	switch (c->choice % 5) {
	case 0:
		cmd += 7 + c->extra % 200;
		break;
	case 1: /* another size */
		cmd ^= (1 + c->extra % 0x3fff) << _IOC_SIZESHIFT;
		break;
	case 2: /* another direction */
		cmd ^= (1 + c->extra % 3) << _IOC_DIRSHIFT;
		break;
	case 3: /* another driver's */
		cmd ^= 7 << _IOC_TYPESHIFT;
		break;
	case 4: /* io_uring's */
		cmd = (uint32_t)DMABENCH_URING_COPY;
		break;
	}
	made_call(w, "ioctl", fd, cmd, (uintptr_t)arg);
	err = ioctl(fd, cmd, arg) ? errno : 0;
	return err == ENOTTY || mismatch(w, "expected ENOTTY, got %s", strerrorname_np(err));
}

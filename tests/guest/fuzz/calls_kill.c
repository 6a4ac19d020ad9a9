// SPDX-License-Identifier: GPL-2.0-only
/*
 * A child with a session of its own, which copies until it is killed: at any moment, in copies,
 * while it makes buffers, or when it has just begun. All that it had is let go of by then.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "levels.h"

#define SIZE (4 * PAGE)

struct victim {
	int fd;
	uint32_t engine;
	uint8_t *memory; /* SIZE to copy from, then SIZE to copy to */
};

static bool victim_open(const struct worker *w, struct victim *v)
{
	struct dmabench_engine_open arg = { .flags = 0 };

	v->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	memcpy(arg.name, w->world->engine[w->own].name, sizeof(arg.name));
	if (v->fd < 0 || ioctl(v->fd, DMABENCH_IOC_ENGINE_OPEN, &arg))
		return false;
	v->engine = arg.engine;
	v->memory =
		mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return v->memory != MAP_FAILED;
}

/* A side of any kind; what is made for it stays for the session's end, or is full. */
static struct dmabench_side victim_side(const struct victim *v, uint32_t kind, bool write)
{
	struct dmabench_side side = { .kind = kind };
	struct dmabench_buffer arg = {
		.engine = v->engine,
		.kind = kind,
		.flags = BOTH,
		.node = -1,
		.size = SIZE,
	};
	uint64_t addr = (uintptr_t)v->memory + (write ? SIZE : 0);

	if (kind == DMABENCH_BUF_USER)
		side.addr = addr;
	else if (kind == DMABENCH_BUF_REGISTERED)
		arg.addr = addr;
	if (kind != DMABENCH_BUF_USER && !ioctl(v->fd, DMABENCH_IOC_BUFFER_CREATE, &arg))
		side.handle = arg.handle;
	return side;
}

/* What isn't the driver's fault: the device went, or another's child was killed in the channel. */
static int reason(const struct worker *w)
{
	return (errno == ENODEV && w->world->phase) || (errno == EIO && !w->world->exclusive) ? 0
											      : 1;
}

static void copy_on(const struct worker *w, uint64_t rng)
{
	struct dmabench_side side[2][4];
	struct victim v;
	uint32_t kind;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!victim_open(w, &v))
		_exit(reason(w));
	for (kind = 0; kind < 4; kind++) {
		side[0][kind] = victim_side(&v, kind, false);
		side[1][kind] = victim_side(&v, kind, true);
	}
	for (;;) {
		struct dmabench_copy arg = {
			.src = side[0][rng_below(&rng, 4)],
			.dst = side[1][rng_below(&rng, 4)],
			.len = 1 + rng_below(&rng, SIZE),
			.engine = v.engine,
		};

		if (!(rng_next(&rng) & 3))
			arg.chunk = PAGE;
		if (ioctl(v.fd, DMABENCH_IOC_COPY, &arg))
			_exit(reason(w));
	}
}

/* Where nobody else pins anything, it's known how many pages should be pinned. */
static bool pins_back(const struct worker *w, const struct levels *before)
{
	return !w->world->alone || w->world->phase || levels_back(before);
}

bool do_kill(struct worker *w, const struct call *c)
{
	struct levels before = w->world->alone ? levels_now() : (struct levels){ 0 };
	int status;
	pid_t pid;

	w->made = (struct made){ .name = "kill", .fd = -1, .number = { SIGKILL } };
	if (w->world->trace)
		print_made(w, stderr);
	pid = fork();
	if (pid < 0)
		return mismatch(w, "fork failed");
	if (!pid)
		copy_on(w, c->value);
	usleep(c->extra % (c->choice & 1 ? 20000 : 2000));
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		return mismatch(w, "the killed child is lost");
	if (WIFEXITED(status) && WEXITSTATUS(status))
		return mismatch(w, "a copy of a child that should be killed failed");
	return pins_back(w, &before) || mismatch(w, LEFT);
}

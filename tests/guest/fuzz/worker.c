// SPDX-License-Identifier: GPL-2.0-only
/* A worker: its memory, its sessions, and the way from a record to the call that it means. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"
#include "levels.h"

/* Far below where the kernel puts mappings by itself, so that holes stay holes. */
#define ARENAS 0x200000000000UL
#define ARENA_STRIDE (1UL << 30)
#define BOX 0x1000000UL
#define LANDING 0x2000000UL
#define LOOK_EVERY 64
#define COUNT_EVERY 64

static bool (*const calls[OPS])(struct worker *w, const struct call *c) = {
	[OP_OPEN] = do_open,
	[OP_CLOSE] = do_close,
	[OP_INFO] = do_info,
	[OP_ENGINE_INFO] = do_engine_info,
	[OP_ENGINE_OPEN] = do_engine_open,
	[OP_CREATE] = do_create,
	[OP_DESTROY] = do_destroy,
	[OP_COPY] = do_copy,
	[OP_BATCH] = do_batch,
	[OP_ASYNC] = do_async,
	[OP_PREAD] = do_rw,
	[OP_PWRITE] = do_rw,
	[OP_MMAP] = do_mmap,
	[OP_MEMORY] = do_memory,
	[OP_STORE] = do_store,
	[OP_FORK] = do_fork,
	[OP_KILL] = do_kill,
	[OP_COMMAND] = do_command,
	[OP_SHARED] = do_shared,
	[OP_SYNC] = do_sync,
};

static void must(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(2);
	}
}

static void make_box(struct worker *w)
{
	int fd = memfd_create("box", MFD_CLOEXEC), flags = MAP_SHARED | MAP_FIXED_NOREPLACE;

	must(fd >= 0 && !ftruncate(fd, 2 * PAGE), "box");
	must(mmap(w->box, PAGE, PROT_READ | PROT_WRITE, flags, fd, 0) == w->box, "box");
	must(mmap(w->box + PAGE, PAGE, PROT_READ, flags, fd, PAGE) == w->box + PAGE, "box");
	w->box_ro = w->box + 8 * PAGE;
	must(mmap(w->box_ro, PAGE, PROT_READ | PROT_WRITE, flags, fd, PAGE) == w->box_ro, "box");
	close(fd);
}

static void make_timer(struct worker *w)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };

	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	must(!timer_create(CLOCK_MONOTONIC, &event, &w->timer), "timer_create");
}

/* workers: how many there are in all processes. */
void worker_init(struct worker *w, struct world *world, unsigned int index, unsigned int workers)
{
	uint8_t *base = (uint8_t *)(ARENAS + index * ARENA_STRIDE);
	unsigned int i;

	memset(w, 0, sizeof(*w));
	w->world = world;
	w->index = index;
	w->rng = rng_mix(world->seed + index * RNG_STEP);
	w->arena = base;
	w->box = base + BOX;
	w->landing = base + LANDING;
	w->own = world->engines > 1 ? 1 + index % (world->engines - 1) : 0;
	world->exclusive = world->engines > workers;
	world->alone = workers == 1;
	w->shm = memfd_create("shm", MFD_CLOEXEC);
	must(w->shm >= 0 && !ftruncate(w->shm, SHM_PAGES * PAGE), "shm");
	for (i = 0; i < SESSIONS; i++)
		w->session[i].fd = -1;
	make_box(w);
	make_timer(w);
	must(async_open(w), "ring");
	map_home(w);
}

static bool needs_engine(uint8_t op)
{
	return op == OP_CREATE || (op >= OP_COPY && op <= OP_ASYNC) || op == OP_FORK;
}

static bool needs_file(uint8_t op)
{
	return op != OP_OPEN && op != OP_MEMORY && op != OP_STORE && op != OP_KILL &&
	       op != OP_SHARED;
}

bool any_open(const struct session *s)
{
	unsigned int i;

	for (i = 0; i < MAX_ENGINES; i++) {
		if (s->engine[i])
			return true;
	}
	return false;
}

/* What is mapped of a closed session's holds all of it. */
static bool session_held(const struct worker *w)
{
	unsigned int i, k;

	for (i = 0; i < ARENA_PAGES; i++) {
		const struct place *place = &w->place[i];

		if (place->access == HOLE || place->backing != COHERENT)
			continue;
		for (k = 0; k < BUFFERS; k++) {
			if (w->buffer[k].live && w->buffer[k].number == place->owner)
				break;
		}
		if (k == BUFFERS)
			return true;
	}
	return false;
}

/* Where nobody else pins anything, the pages of registered buffers are all that is pinned. */
static bool pins_right(struct worker *w)
{
	long held = w->world->pins, now;
	unsigned int i;

	if (!w->world->alone || session_held(w))
		return true;
	for (i = 0; i < BUFFERS; i++) {
		if (w->buffer[i].live && w->buffer[i].kind == DMABENCH_BUF_REGISTERED)
			held += w->buffer[i].pages;
	}
	now = levels_now().pins;
	if (now == held)
		return true;
	fprintf(stderr, "# pinned: %ld pages, of buffers: %ld\n", now, held);
	return mismatch(w, LEFT);
}

/* What a call needs first is done instead. */
bool worker_call(struct worker *w, const struct call *c)
{
	const struct session *s = &w->session[c->session];
	struct call now = *c;

	w->phase = unbind_phase(w->world);
	w->of_session = c->session;
	if (w->world->phase)
		now.op = unbind_instead(w, c, s->fd >= 0 && any_open(s));
	if (needs_file(now.op) && s->fd < 0) {
		now.op = OP_OPEN;
	} else if (needs_engine(now.op) && !any_open(s)) {
		now.op = OP_ENGINE_OPEN;
		now.field = 0;
		now.argp = 0;
	}
	memset(&w->made, 0, sizeof(w->made));
	w->calls[now.op]++;
	w->op = now.op;
	if (!calls[now.op](w, &now))
		return false;
	/* Those that aren't judged by an errno. */
	if (now.op == OP_OPEN || now.op == OP_CLOSE || (now.op >= OP_MEMORY && now.op < OP_SHARED))
		w->good[now.op]++;
	w->index_of_call++;
	if (w->index_of_call % LOOK_EVERY == 0 && !look_at_all(w))
		return false;
	return w->index_of_call % COUNT_EVERY || pins_right(w);
}

/* Looks at everything a last time, then lets go of it. */
bool worker_end(struct worker *w)
{
	bool ok = !w->failed && look_at_all(w);
	unsigned int i;

	async_close(w);
	for (i = 0; i < SESSIONS; i++) {
		if (w->session[i].fd >= 0)
			close(w->session[i].fd);
	}
	munmap(w->arena, ARENA_PAGES * PAGE);
	munmap(w->box, 16 * PAGE);
	close(w->shm);
	timer_delete(w->timer);
	return ok;
}

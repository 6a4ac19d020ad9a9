// SPDX-License-Identifier: GPL-2.0-only
/*
 * --unbind: the engines' device goes and comes back, again and again, amid everybody's calls.
 *
 * A process of its own does it and counts: a phase is bound, unbinding, unbound or binding, and
 * all share the count. What a session has of engines is lost for good when their device goes; it
 * is closed and opened anew. A call whose session was opened in this same phase, which is bound
 * before and after it, has exactly the results that it has otherwise; one that began when the
 * device had gone can't succeed; between them ENODEV is one result more.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "guest.h"

#define PHASES 4
#define UNSURE UINT32_MAX /* engines were opened while a phase ended */

static pid_t provider;
static volatile sig_atomic_t over;

static void on_term(int sig)
{
	(void)sig;
	over = 1;
}

static void next(struct world *world)
{
	__atomic_add_fetch(world->phase, 1, __ATOMIC_SEQ_CST);
}

static void come_and_go(struct world *world)
{
	struct sigaction action = { .sa_handler = on_term };
	uint64_t rng = world->seed;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGTERM, &action, NULL);
	while (!over) {
		usleep((unsigned int)(20000 + rng_below(&rng, 100000)));
		next(world);
		bind_device(&world->engine[0], "unbind");
		next(world);
		usleep((unsigned int)rng_below(&rng, 10000));
		next(world);
		bind_device(&world->engine[0], "bind");
		next(world);
	}
	_exit(0);
}

bool unbind_start(struct world *world)
{
	world->phase = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (world->phase == MAP_FAILED)
		return false;
	provider = fork();
	if (!provider)
		come_and_go(world);
	return provider > 0;
}

/* Afterwards the device is there. */
bool unbind_stop(struct world *world)
{
	int status;

	kill(provider, SIGTERM);
	if (waitpid(provider, &status, 0) != provider || status)
		return false;
	printf("# the device went and came back %u times\n", unbind_phase(world) / PHASES);
	return unbind_phase(world) >= PHASES;
}

uint32_t unbind_phase(const struct world *world)
{
	return world->phase ? __atomic_load_n(world->phase, __ATOMIC_SEQ_CST) : 0;
}

/* A session has one more engine; first: it had none. */
void unbind_opened(struct worker *w, struct session *s, bool first)
{
	uint32_t now = unbind_phase(w->world);

	if (now != w->phase || now % PHASES || (!first && s->opened != now))
		s->opened = UNSURE;
	else
		s->opened = now;
}

/* What is made instead of a call, so that its results can be said. */
uint8_t unbind_instead(const struct worker *w, const struct call *c, bool engines)
{
	const struct session *s = &w->session[c->session];
	bool old = engines && s->opened != w->phase;

	/* Not all calls are to be made while there is nothing. */
	if (w->phase % PHASES == 2 && !(c->value & 3))
		usleep(1000);

	/* Memory of coherent buffers goes with their device: who touches it then is killed. */
	if (c->op == OP_MMAP)
		return OP_STORE;
	if (old && (c->op == OP_ENGINE_OPEN || (!(w->phase % PHASES) && c->value & 1)))
		return OP_CLOSE;
	return c->op;
}

static void forbid_success(struct expect *e)
{
	unsigned int i, count = e->count;

	e->count = 0;
	for (i = 0; i < count; i++) {
		if (e->err[i])
			e->err[e->count++] = e->err[i];
	}
}

/* What else the call that was just made may have come to. */
void unbind_allow(const struct worker *w, struct expect *e)
{
	const struct session *s = &w->session[w->of_session];
	uint32_t now = unbind_phase(w->world);

	if (w->op < OP_ENGINE_INFO || w->op == OP_DESTROY ||
	    (w->op > OP_ASYNC && w->op != OP_FORK && w->op != OP_SYNC))
		return;
	if (now == w->phase && !(now % PHASES) && (w->op <= OP_ENGINE_OPEN || s->opened == now))
		return;
	if (w->op >= OP_CREATE && s->opened != UNSURE && w->phase >= s->opened + 2)
		forbid_success(e);
	allow(e, w->op == OP_ENGINE_INFO ? ENOENT : ENODEV);
	/* It may be listed again by now. */
	if (w->op <= OP_ENGINE_OPEN && !allowed(e, EINVAL) && !allowed(e, EFAULT))
		allow(e, 0);
}

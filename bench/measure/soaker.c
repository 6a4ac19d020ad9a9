// SPDX-License-Identifier: GPL-2.0-only
#include "soaker.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/clock.h"
#include "machine/nodes.h"
#include "machine/quota.h"
#include "machine/ulimits.h"

/* About a microsecond of counting between two looks at the switch. */
#define STEPS_PER_COUNT 1000

struct slot {
	_Alignas(64) atomic_ulong count;
};

/* Shared with the forked process. */
struct shared {
	atomic_int running; /* futex */
	atomic_uint ready;  /* threads in place */
	atomic_int err;	    /* -errno of one that isn't */
	struct slot slots[MAX_CPUS];
};

struct soaker {
	struct shared *shared;
	pid_t pid;
	int cpus[MAX_CPUS];
	unsigned int ncpus;
	double idle_rate[MAX_CPUS]; /* counts per ns on an idle CPU */
	unsigned long before[MAX_CPUS];
	uint64_t since;
};

struct soak_arg {
	struct soaker *soaker;
	unsigned int index;
};

/* In the forked process. */
static void give_up(struct shared *shared, int err)
{
	atomic_store(&shared->err, err);
	_exit(1);
}

static void *soak(void *data)
{
	const struct soak_arg *arg = data;
	struct shared *shared = arg->soaker->shared;
	atomic_ulong *count = &shared->slots[arg->index].count;
	struct sched_param none = { 0 };
	int err = pin_to_cpu(arg->soaker->cpus[arg->index]);

	if (!err && sched_setscheduler(0, SCHED_IDLE, &none))
		err = -errno;
	if (err)
		give_up(shared, err);
	atomic_fetch_add(&shared->ready, 1);
	for (;;) {
		while (!atomic_load_explicit(&shared->running, memory_order_relaxed))
			syscall(SYS_futex, &shared->running, FUTEX_WAIT, 0, NULL, NULL, 0);
		for (volatile int i = 0; i < STEPS_PER_COUNT; i++)
			;
		atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
	}
	return NULL;
}

static void soaker_process(struct soaker *s, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	/* Who waits for the end of what the launch says isn't to wait for this process. */
	close_range(STDERR_FILENO + 1, ~0u, 0);
	for (unsigned int i = 0; i < s->ncpus; i++) {
		struct soak_arg *arg = malloc(sizeof(*arg));
		int err = arg ? 0 : ENOMEM;
		pthread_t thread;

		if (arg) {
			*arg = (struct soak_arg){ s, i };
			err = pthread_create(&thread, NULL, soak, arg);
		}
		if (err)
			give_up(s->shared, -err);
	}
	for (;;)
		pause();
}

static void *not_started(struct soaker *s, int err, char *why, size_t len)
{
	snprintf(why, len, "threads that count could not be started: %s%s", strerror(-err),
		 limits_hint(err));
	if (s && s->shared)
		munmap(s->shared, sizeof(*s->shared));
	free(s);
	return NULL;
}

struct soaker *soaker_start(char *why, size_t len)
{
	struct soaker *s = calloc(1, sizeof(*s));
	pid_t parent = getpid();
	double quota;

	if (!s)
		return not_started(s, -ENOMEM, why, len);
	s->ncpus = node_cpus(-1, s->cpus);
	quota = quota_below(s->ncpus);
	if (quota > 0) {
		snprintf(why, len, "counting idle time would use up the quota of %.2f CPUs", quota);
		free(s);
		return NULL;
	}
	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->shared == MAP_FAILED) {
		s->shared = NULL;
		return not_started(s, -errno, why, len);
	}
	s->pid = fork();
	if (s->pid == 0)
		soaker_process(s, parent);
	if (s->pid < 0)
		return not_started(s, -errno, why, len);
	while (atomic_load(&s->shared->ready) < s->ncpus) {
		if (waitpid(s->pid, NULL, WNOHANG) == s->pid)
			return not_started(s, s->shared->err ? s->shared->err : -ECHILD, why, len);
		sleep_ns(200000);
	}
	return s;
}

/*
 * To end takes a turn, too, which threads of the least priority may wait for by the minute where others
 * have all CPUs: the launch's parent is left with the process, and sees it out.
 */
#define END_NS 50000000u

void soaker_stop(struct soaker *s)
{
	const uint64_t deadline = now_ns() + END_NS;

	if (!s)
		return;
	kill(s->pid, SIGKILL);
	while (waitpid(s->pid, NULL, WNOHANG) == 0 && now_ns() < deadline)
		sleep_ns(100000);
	munmap(s->shared, sizeof(*s->shared));
	free(s);
}

void soaker_on(struct soaker *s)
{
	atomic_store(&s->shared->running, 1);
	syscall(SYS_futex, &s->shared->running, FUTEX_WAKE, MAX_CPUS, NULL, NULL, 0);
	soaker_mark(s);
}

void soaker_mark(struct soaker *s)
{
	for (unsigned int i = 0; i < s->ncpus; i++)
		s->before[i] = atomic_load(&s->shared->slots[i].count);
	s->since = now_ns();
}

/* Counts of one CPU per ns since soaker_on. */
static double rate(const struct soaker *s, unsigned int i, uint64_t now)
{
	unsigned long count = atomic_load(&s->shared->slots[i].count) - s->before[i];

	return (double)count / (double)(now - s->since);
}

void soaker_calibrate(struct soaker *s, uint64_t ns)
{
	uint64_t now;

	soaker_on(s);
	sleep_ns(ns);
	now = now_ns();
	for (unsigned int i = 0; i < s->ncpus; i++)
		s->idle_rate[i] = rate(s, i, now);
	atomic_store(&s->shared->running, 0);
}

double soaker_off(struct soaker *s, double at_least, double *left)
{
	uint64_t now = now_ns();
	double used = 0, all = (double)(now - s->since) * s->ncpus;

	for (unsigned int i = 0; i < s->ncpus; i++) {
		double share = s->idle_rate[i] > 0 ? rate(s, i, now) / s->idle_rate[i] : 0;

		/* Above 1 the machine was less idle while calibrating than now. */
		if (share > 1)
			share = 1;
		used += (1 - share) * (double)(now - s->since);
	}
	atomic_store(&s->shared->running, 0);
	if (used < at_least)
		used = at_least < all ? at_least : all;
	*left = all > 0 ? 1 - used / all : 0;
	return used;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "co_runner.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/clock.h"
#include "machine/files.h"
#include "machine/nodes.h"
#include "machine/caches.h"
#include "plan/capacity.h"
#include "statistics/rng.h"

#define LINE 64
/* Some microseconds of work between two looks at the switch. */
#define CHASE_STEPS 512
#define READ_BYTES 65536
#define READS 16
/* Where the kernel tells of no cache. */
#define CACHE_GUESS (8ull << 20)
#define LIMIT_BYTES (1ull << 30)
#define RESTING CO_RUNNER_KINDS

const char *const co_runner_names[CO_RUNNER_KINDS] = { "cache", "bandwidth" };

/* Shared with the forked process. */
struct shared {
	atomic_int mode;     /* futex: a kind, or RESTING */
	atomic_int ready;    /* 1: in place; negative: -errno */
	atomic_uint percent; /* of its time that it reads through its buffer */
	_Alignas(64) atomic_ulong bytes;
};

struct co_runner {
	struct shared *shared;
	pid_t pid;
	int cpu;
};

size_t co_runner_working_set(enum co_runner_kind kind, int cpu)
{
	unsigned int sharers;
	uint64_t bytes = caches_last(cpu, &sharers);

	if (!bytes)
		bytes = CACHE_GUESS;
	bytes = kind == CO_RUNNER_CACHE ? bytes / sharers / 2 : 4 * bytes;
	if (bytes < READ_BYTES)
		bytes = READ_BYTES;
	if (bytes > LIMIT_BYTES)
		bytes = LIMIT_BYTES;
	return bytes / READ_BYTES * READ_BYTES;
}

static bool siblings(int a, int b)
{
	char path[128], of_a[256], of_b[256];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
		 a);
	if (read_line(path, of_a, sizeof(of_a)))
		return false;
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
		 b);
	return !read_line(path, of_b, sizeof(of_b)) && !strcmp(of_a, of_b);
}

int co_runner_cpu(const int *cpus, unsigned int n, bool *sibling)
{
	*sibling = false;
	for (unsigned int i = n; i-- > 1;)
		if (!siblings(cpus[0], cpus[i]))
			return cpus[i];
	*sibling = n > 1;
	return n > 1 ? cpus[n - 1] : -1;
}

unsigned int co_runner_cpus(const int *cpus, unsigned int n, int *out, unsigned int most)
{
	unsigned int count = 0;

	for (int sibling = 0; sibling < 2 && !count; sibling++)
		for (unsigned int i = 1; i < n && count < most; i++)
			if (siblings(cpus[0], cpus[i]) == sibling)
				out[count++] = cpus[i];
	return count;
}

/* One cycle through all lines in random order (Sattolo 1986), so that nothing prefetches it. */
static void make_cycle(char *at, size_t bytes)
{
	size_t lines = bytes / LINE, *next;
	uint64_t rng = 1;

	for (size_t i = 0; i < lines; i++)
		*(size_t *)(at + i * LINE) = i;
	for (size_t i = lines - 1; i > 0; i--) {
		size_t j = rng_below(&rng, i), swap;

		next = (size_t *)(at + i * LINE);
		swap = *next;
		*next = *(size_t *)(at + j * LINE);
		*(size_t *)(at + j * LINE) = swap;
	}
}

static size_t chase(const char *at, size_t from)
{
	for (int i = 0; i < CHASE_STEPS; i++)
		from = *(const volatile size_t *)(at + from * LINE);
	return from;
}

static void read_through(const char *at)
{
	for (size_t i = 0; i < READ_BYTES; i += LINE)
		(void)*(const volatile uint64_t *)(at + i);
}

/* Some hundred microseconds of reading, then a rest that leaves it its share of the time. */
static size_t read_some(struct shared *shared, const char *at, size_t offset, size_t large)
{
	unsigned int percent = atomic_load_explicit(&shared->percent, memory_order_relaxed);
	uint64_t start = now_ns();

	for (int i = 0; i < READS; i++) {
		read_through(at + offset);
		offset = (offset + READ_BYTES) % large;
		atomic_fetch_add_explicit(&shared->bytes, READ_BYTES, memory_order_relaxed);
	}
	if (percent < 100)
		sleep_ns((now_ns() - start) * (100 - percent) / percent);
	return offset;
}

static void co_runner_process(struct shared *shared, int cpu, pid_t parent)
{
	size_t small = co_runner_working_set(CO_RUNNER_CACHE, cpu), line = 0, offset = 0;
	size_t large = co_runner_working_set(CO_RUNNER_BANDWIDTH, cpu);
	char *at;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || pin_to_cpu(cpu))
		_exit(1);
	leave_real_time();
	at = mmap(NULL, large, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED) {
		atomic_store(&shared->ready, -ENOMEM);
		_exit(1);
	}
	madvise(at, large, MADV_HUGEPAGE);
	memset(at, 1, large);
	make_cycle(at, small);
	atomic_store(&shared->ready, 1);
	for (;;) {
		switch (atomic_load_explicit(&shared->mode, memory_order_relaxed)) {
		case CO_RUNNER_CACHE:
			line = chase(at, line);
			atomic_fetch_add_explicit(&shared->bytes, (unsigned long)CHASE_STEPS * LINE,
						  memory_order_relaxed);
			break;
		case CO_RUNNER_BANDWIDTH:
			offset = read_some(shared, at, offset, large);
			break;
		default:
			syscall(SYS_futex, &shared->mode, FUTEX_WAIT, RESTING, NULL, NULL, 0);
		}
	}
}

static void *failed(struct co_runner *v, char *why, size_t len, const char *what)
{
	snprintf(why, len, "%s", what);
	co_runner_stop(v);
	return NULL;
}

struct co_runner *co_runner_start(int cpu, char *why, size_t len)
{
	struct co_runner *v = calloc(1, sizeof(*v));
	pid_t parent = getpid();
	char lacks[184];

	if (!v)
		return failed(v, why, len, "out of memory");
	v->cpu = cpu;
	/* A quarter of what there is, at most. */
	if (capacity_beside(NULL, 4 * co_runner_working_set(CO_RUNNER_BANDWIDTH, cpu), lacks,
			    sizeof(lacks))) {
		snprintf(why, len, "four times the neighbour's buffer: %s", lacks);
		co_runner_stop(v);
		return NULL;
	}
	v->shared = mmap(NULL, sizeof(*v->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (v->shared == MAP_FAILED) {
		v->shared = NULL;
		return failed(v, why, len, "out of memory");
	}
	atomic_store(&v->shared->mode, RESTING);
	atomic_store(&v->shared->percent, 100);
	v->pid = fork();
	if (v->pid == 0)
		co_runner_process(v->shared, cpu, parent);
	while (v->pid > 0 && !atomic_load(&v->shared->ready)) {
		if (waitpid(v->pid, NULL, WNOHANG) == v->pid)
			v->pid = -1;
		sleep_ns(200000);
	}
	if (v->pid < 0 || atomic_load(&v->shared->ready) < 0)
		return failed(v, why, len, "the neighbour could not be started");
	return v;
}

void co_runner_stop(struct co_runner *v)
{
	if (!v)
		return;
	if (v->pid > 0) {
		kill(v->pid, SIGKILL);
		while (waitpid(v->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (v->shared)
		munmap(v->shared, sizeof(*v->shared));
	free(v);
}

void co_runner_work(struct co_runner *v, enum co_runner_kind kind)
{
	atomic_store(&v->shared->mode, (int)kind);
	syscall(SYS_futex, &v->shared->mode, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void co_runner_rest(struct co_runner *v)
{
	atomic_store(&v->shared->mode, RESTING);
}

void co_runner_pace(struct co_runner *v, unsigned int percent)
{
	atomic_store(&v->shared->percent, percent);
}

double co_runner_bytes(const struct co_runner *v)
{
	return (double)atomic_load(&v->shared->bytes);
}

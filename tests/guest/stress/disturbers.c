// SPDX-License-Identifier: GPL-2.0-only
/* Processes that end amid copies, and such whose memory goes while engines write to it. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

/* A child of its own session, or of the parent's, until it is killed. */
static void victim(const struct session *inherited, uint64_t seed)
{
	uint64_t rng = seed;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	catch_sigbus();
	for (;;) {
		struct session s = *inherited;

		if (rng_below(&rng, 2) && session_open(&s, &rng)) {
			usleep(1000);
			continue;
		}
		copy_once(&s, &rng, 0);
		if (s.fd != inherited->fd)
			close(s.fd);
	}
}

void killer(uint64_t seed)
{
	uint64_t rng = seed;

	while (go_on()) {
		struct session s;
		unsigned int i;
		pid_t pid[2];
		int status, err = session_open(&s, &rng);

		if (err) {
			expected("open", err, 0);
			usleep(2000);
			continue;
		}
		for (i = 0; i < 2; i++) {
			pid[i] = fork();
			if (!pid[i])
				victim(&s, rng_next(&rng));
		}
		usleep((unsigned int)rng_below(&rng, 60000));
		for (i = 0; i < 2; i++) {
			kill(pid[i], SIGKILL);
			if (waitpid(pid[i], &status, 0) != pid[i] || !WIFSIGNALED(status) ||
			    WTERMSIG(status) != SIGKILL)
				bad("a child ended by itself: status %#x", status);
			COUNT(kills, 1);
		}
		close(s.fd);
	}
}

#define FIELD (16 * PAGE)

struct field {
	char *memory; /* FIELD bytes, disturbed */
	bool over;
};

/* Until it's over: unmap, throw away, protect, fork. The field stays in place. */
static void *disturb(void *param)
{
	struct field *field = param;
	uint64_t rng = (uintptr_t)field;

	while (!__atomic_load_n(&field->over, __ATOMIC_SEQ_CST)) {
		size_t at = rng_below(&rng, 12) * PAGE, len = (1 + rng_below(&rng, 4)) * PAGE;
		char *place = field->memory + at;
		pid_t pid;

		switch (rng_below(&rng, 5)) {
		case 0:
			madvise(place, len, MADV_DONTNEED);
			break;
		case 1: /* unmapped and mapped anew in one step, so that nobody else gets the place */
			mmap(place, len, PROT_READ | PROT_WRITE,
			     MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			break;
		case 2:
			mprotect(place, len, PROT_NONE);
			sched_yield();
			mprotect(place, len, PROT_READ | PROT_WRITE);
			break;
		case 3:
			mprotect(place, len, PROT_READ);
			sched_yield();
			mprotect(place, len, PROT_READ | PROT_WRITE);
			break;
		case 4:
			pid = fork();
			if (!pid)
				_exit(0);
			waitpid(pid, NULL, 0);
			break;
		}
		COUNT(disturbed, 1);
	}
	return NULL;
}

/* Copies to and from the field may fail for want of memory to reach, and give any bytes. */
static int copy_in_field(const struct session *s, struct field *field, uint64_t *rng)
{
	struct span half[2] = {
		{ .kind = DMABENCH_BUF_USER, .memory = field->memory, .len = FIELD / 2 },
		{ .kind = DMABENCH_BUF_USER, .memory = field->memory + FIELD / 2, .len = FIELD / 2 },
	};
	unsigned int to = (unsigned int)rng_below(rng, 2);
	struct bench bench = { .fd = s->fd, .engine = s->engine };
	struct dmabench_buffer buffer;
	int err;

	if (rng_below(rng, 3))
		return span_copy(s, &half[to], &half[!to], FIELD / 2, rng);
	err = create(&bench, DMABENCH_BUF_REGISTERED, half[to].memory, FIELD / 2, &buffer);
	return err ? err : destroy(s->fd, buffer.handle);
}

void disturber(uint64_t seed)
{
	struct field field = { .memory = pages(FIELD) };
	uint64_t rng = seed;
	pthread_t thread;

	catch_sigbus();
	while (go_on()) {
		struct session s;
		unsigned int i;
		int err = session_open(&s, &rng);

		if (err) {
			expected("open", err, 0);
			usleep(2000);
			continue;
		}
		field.over = false;
		if (pthread_create(&thread, NULL, disturb, &field))
			bad("no thread");
		for (i = 0; i < 40 && !hurry() && err != ENODEV; i++) {
			err = copy_in_field(&s, &field, &rng);
			if (!expected("copy amid unmapping", err, EFAULT))
				break;
			/* Memory beside it is nobody's business, in spite of the forks. */
			if (err != ENODEV)
				err = copy_once(&s, &rng, 0);
			if (!expected("copy beside unmapping", err, 0))
				break;
		}
		__atomic_store_n(&field.over, true, __ATOMIC_SEQ_CST);
		pthread_join(thread, NULL);
		close(s.fd);
	}
}

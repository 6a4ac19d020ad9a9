// SPDX-License-Identifier: GPL-2.0-only
/* Processes whose copies nobody disturbs: each byte must be right. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "stress.h"

static int made(const struct session *s, uint64_t *rng, const struct span *src,
		const struct span *dst, int allowed)
{
	static __thread char from[MAX_LEN], zero[MAX_LEN], seen[MAX_LEN];
	size_t len = src->len - rng_below(rng, src->len / 2 + 1);
	int err;

	pattern(from, src->len, (unsigned int)rng_next(rng));
	err = span_fill(s, src, from);
	if (!err)
		err = span_fill(s, dst, zero);
	if (!err)
		err = span_copy(s, dst, src, len, rng);
	if (err)
		return err;
	err = span_look(s, dst, seen);
	if (err)
		return err;
	if (memcmp(seen, from, len) || memcmp(seen + len, zero, dst->len - len))
		bad("wrong bytes after a copy of %zu, kinds %u to %u", len, src->kind, dst->kind);
	COUNT(copies, 1);
	COUNT(bytes, len);
	(void)allowed;
	return 0;
}

int copy_once(const struct session *s, uint64_t *rng, int allowed)
{
	size_t len = 1 + rng_below(rng, MAX_LEN);
	struct span src, dst;
	unsigned int i;
	int err, last;

	err = span_make(s, &src, (uint32_t)rng_below(rng, 4), len);
	if (err)
		return err;
	err = span_make(s, &dst, (uint32_t)rng_below(rng, 4), len);
	for (i = 0; !err && i < 4 && !hurry(); i++)
		err = made(s, rng, &src, &dst, allowed);
	last = span_drop(s, &dst);
	if (!err)
		err = last;
	last = span_drop(s, &src);
	return err ? err : last;
}

static void copy_for_long(uint64_t seed, int allowed)
{
	uint64_t rng = seed;

	catch_sigbus();
	while (go_on()) {
		struct session s;
		unsigned int i;
		int err = session_open(&s, &rng);

		if (err) {
			expected("open", err, allowed);
			usleep(2000);
			continue;
		}
		for (i = 0; i < 20 && !hurry(); i++) {
			err = copy_once(&s, &rng, allowed);
			if (!expected("copy", err, allowed) || err == ENODEV)
				break;
		}
		close(s.fd);
	}
}

void copier(uint64_t seed)
{
	copy_for_long(seed, 0);
}

static void on_alarm(int sig)
{
	(void)sig;
}

void signalled(uint64_t seed)
{
	struct itimerval each = { .it_interval.tv_usec = 1000, .it_value.tv_usec = 1000 };
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &each, NULL);
	copy_for_long(seed, EINTR);
}

/* Sessions with buffers and mappings that just end, in any order. */
void churner(uint64_t seed)
{
	struct session s[8];
	struct span span[8];
	uint64_t rng = seed;
	unsigned int i;

	catch_sigbus();
	while (go_on()) {
		unsigned int count = 0;

		while (count < 8 && !hurry()) {
			int err = session_open(&s[count], &rng);

			if (!err) {
				err = span_make(&s[count], &span[count],
						(uint32_t)rng_below(&rng, 4),
						1 + rng_below(&rng, MAX_LEN));
				count++;
			}
			if (!expected("session", err, 0) || err)
				break;
			/* Of those that are there, any. */
			i = (unsigned int)rng_below(&rng, count);
			err = copy_once(&s[i], &rng, 0);
			if (!expected("copy", err, 0))
				break;
		}
		for (i = 0; i < count; i++) {
			close(s[i].fd);
			if (span[i].memory && span[i].kind == DMABENCH_BUF_COHERENT)
				munmap(span[i].memory, span[i].len);
			else if (span[i].memory)
				pages_free(span[i].memory, span[i].len);
		}
	}
}

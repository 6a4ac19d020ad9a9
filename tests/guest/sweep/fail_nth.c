// SPDX-License-Identifier: GPL-2.0-only
/*
 * fail_nth [PART-OF-A-NAME]: for each call of the interface, or those with such a name, fails the
 * first thing in it that can fail, then the second, and so on until nothing is left to fail. After
 * each: the errno is one that is documented, the request is as it was, nothing is left, and the
 * same call then succeeds.
 *
 * Which things can fail is the kernel's fault injection's word: slab, page allocator, access
 * to user memory. On a kernel without it nothing passes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "levels.h"
#include "sweep.h"

#define ENOUGH 5000 /* no call has so much to fail */

bool wrong(struct sweep *s, const char *what)
{
	snprintf(s->why, sizeof(s->why), "%s", what);
	return false;
}

static void prepare(struct sweep *s)
{
	if (s->subject->prepare)
		s->subject->prepare(s);
	s->asked = s->arg;
}

static bool succeeded(struct sweep *s)
{
	if (s->subject->right && !s->subject->right(s))
		return false;
	if (s->subject->undo)
		s->subject->undo(s);
	return true;
}

/* A call that the fault made fail, and what must be true then. */
static bool failed_well(struct sweep *s, int err)
{
	char what[64];

	if (err != ENOMEM && err != EFAULT && err != SHORT && !(err == EBUSY && s->subject->busy)) {
		snprintf(what, sizeof(what), "the errno %d", err);
		return wrong(s, what);
	}
	if (memcmp(&s->asked, &s->arg, sizeof(s->arg)))
		return wrong(s, "a request that failed was written to");
	return !s->from || guards_right(s);
}

static bool again_without(struct sweep *s)
{
	int err;

	prepare(s);
	err = s->subject->call(s);
	if (err) {
		snprintf(s->why, sizeof(s->why), "errno %d without a fault", err);
		return false;
	}
	return succeeded(s);
}

/* One fault. *done: there was nothing left to fail. */
static bool one(struct sweep *s, unsigned int nth, unsigned int *failures, bool *done)
{
	struct levels before;
	int err;

	prepare(s);
	before = levels_now();
	faults_arm(nth);
	err = s->subject->call(s);
	*done = !faults_disarm();
	if (!err)
		return succeeded(s);
	if (*done)
		return wrong(s, "it fails without a fault");
	++*failures;
	if (!failed_well(s, err))
		return false;
	if (!levels_back(&before))
		return wrong(s, "something is left");
	return again_without(s);
}

/* Each handle that a failed call kept would be missing here. */
static bool table_is_whole(struct sweep *s)
{
	struct dmabench_buffer buffer;
	struct dmabench_info info;
	uint32_t *handles, count = 0, i;

	assert_int_equal(request(s->bench.fd, DMABENCH_IOC_INFO, &info), 0);
	handles = calloc(info.max_handles, sizeof(*handles));
	while (count < info.max_handles &&
	       !create(&s->bench, DMABENCH_BUF_KERNEL, NULL, 1, &buffer))
		handles[count++] = buffer.handle;
	for (i = 0; i < count; i++)
		assert_int_equal(destroy(s->bench.fd, handles[i]), 0);
	free(handles);
	/* The engine has one too. */
	return count == info.max_handles - 1 || wrong(s, "handles are missing");
}

static void leave(struct sweep *s)
{
	async_done(s);
	copy_done(s);
	if (s->memory)
		pages_free(s->memory, SPAN);
	if (s->buffer.handle)
		destroy(s->bench.fd, s->buffer.handle);
	if (s->fd >= 0)
		close(s->fd);
	s->memory = NULL;
	s->buffer.handle = 0;
	s->fd = -1;
}

static bool sweep(struct sweep *s, unsigned int number)
{
	struct levels before = levels_now();
	unsigned int nth, failures = 0;
	bool done = false, ok = true;

	s->why[0] = 0;
	memset(&s->arg, 0, sizeof(s->arg));
	again_without(s); /* what is only allocated the first time */
	for (nth = 0; ok && !done && nth < ENOUGH;)
		ok = one(s, ++nth, &failures, &done);
	if (ok && !done)
		ok = wrong(s, "there is no end of faults");
	leave(s);
	if (ok && !levels_back(&before))
		ok = wrong(s, "something is left at the end");
	if (ok && nth == 1 && !s->subject->safe)
		ok = wrong(s, "nothing in it can fail");
	printf("%sok %u - %s: %u faults, %u of them errors%s%s\n", ok ? "" : "not ", number,
	       s->subject->name, done ? nth - 1 : nth, failures, ok ? "" : "; wrong: ", s->why);
	return ok;
}

static bool sweep_all(struct sweep *s, const struct subject *subjects, const char *part,
		      unsigned int *number)
{
	bool ok = true;

	for (s->subject = subjects; s->subject->name; s->subject++) {
		if (part && !strstr(s->subject->name, part))
			continue;
		if (!s->subject->sim_only || on_sim(&s->bench))
			ok = sweep(s, ++*number) && ok;
	}
	return ok;
}

int main(int argc, char **argv)
{
	static const struct subject *const all[] = { call_subjects, copy_subjects, batch_subjects,
						     async_subjects };
	const char *missing = faults_missing();
	static struct sweep s = { .fd = -1 };
	bool ok = true, listed = mappings_listed();
	unsigned int i, number = 0;
	void *state;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (missing) {
		printf("not ok 1 - this kernel injects faults: no %s\n1..1\n", missing);
		return 1;
	}
	if (bench_setup(&state)) {
		printf("not ok 1 - there is an engine\n1..1\n");
		return 1;
	}
	s.bench = *(struct bench *)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		ok = sweep_all(&s, all[i], argc > 1 ? argv[1] : NULL, &number) && ok;
	if (!async_subjects[0].name)
		printf("# copies by io_uring aren't swept: built without liburing\n");
	s.why[0] = 0;
	number++;
	if (table_is_whole(&s)) {
		printf("ok %u - all handles can still be had\n", number);
	} else {
		printf("not ok %u - all handles can still be had: %s\n", number, s.why);
		ok = false;
	}
	if (listed) {
		listed = mappings_listed();
		printf("%sok %u - mappings were listed to the end\n", listed ? "" : "not ",
		       ++number);
		ok = ok && listed;
	}
	printf("1..%u\n", number);
	bench_teardown(&state);
	return !ok;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Threads that copy together: every byte of every round is somebody's, however parts change. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "copies/team.h"
#include "nodes.h"

#define LINE 64

static pthread_t caller;
static size_t callers_part; /* bytes, of its last copy */
static const uint8_t *base;
static atomic_uint *copies; /* of each line, by where it begins */
static atomic_ullong bytes;

static void take_time(size_t size)
{
	volatile unsigned int sink = 0;

	for (size_t i = 0; i < size / 16; i++)
		sink = sink + 1;
}

/* Nothing is copied, only counted; all but the caller take their time over it. */
static void count_copy(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)src, (void)ahead;
	atomic_fetch_add(&bytes, size);
	for (size_t at = (size_t)(dst - base);
	     size && at / LINE * LINE < (size_t)(dst - base) + size; at += LINE)
		atomic_fetch_add(&copies[at / LINE], 1);
	if (!pthread_equal(pthread_self(), caller))
		take_time(size);
	else
		callers_part = size;
}

static atomic_uint downwards; /* threads that copied so */
static _Thread_local bool noted;

static void count_down(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	if (!noted)
		atomic_fetch_add(&downwards, 1);
	noted = true;
	count_copy(dst, src, size, ahead);
}

static const struct copy_kernel counting = { .name = "counting",
					     .copy = count_copy,
					     .copy_down = count_down };
static bool apart;

static struct team *start(struct team_work *work)
{
	const struct copier copier = { .kernel = &counting, .apart = apart };
	struct team *team;

	base = work->dst;
	copies = calloc(work->size / LINE + 1, sizeof(*copies));
	caller = pthread_self();
	callers_part = 0;
	atomic_store(&bytes, 0);
	atomic_store(&downwards, 0);
	noted = false;
	assert_int_equal(team_start(work, &team), 0);
	team_use(team, &copier);
	return team;
}

/* Parts meet at lines, so each was copied by one thread a round. */
static void check_copies(const struct team_work *work, unsigned int rounds)
{
	assert_int_equal(atomic_load(&bytes), (unsigned long long)work->size * rounds);
	for (size_t i = 0; i < (work->size + LINE - 1) / LINE; i++)
		assert_int_equal(atomic_load(&copies[i]), rounds);
}

static void run(unsigned int threads, unsigned int queue, size_t size, unsigned int rounds)
{
	int cpus[MAX_CPUS], node = node_here();
	unsigned int n = node_cpus(node, cpus);
	struct team_work work = { .dst = aligned_alloc(LINE, (size + LINE - 1) / LINE * LINE),
				  .src = malloc(size),
				  .size = size,
				  .cpus = cpus,
				  .threads = threads,
				  .queue = queue };
	unsigned int many = 1;
	struct team *team;

	for (unsigned int i = n; i < threads; i++)
		cpus[i] = cpus[i % n];
	team = start(&work);
	/* One by one, and as many at once as there is room for, or not. */
	for (unsigned int done = 0; done < rounds; many = many % 200 + 1) {
		unsigned int now = many < rounds - done ? many : rounds - done;

		team_submit(team, now);
		done += now;
		if (many % 9 && done < rounds)
			continue;
		team_drain(team);
		assert_true(team_idle(team));
		check_copies(&work, done);
	}
	team_stop(team);
	free(copies);
	free(work.dst);
	free((void *)work.src);
}

static void every_byte_of_every_round_is_copied(void **state)
{
	static const unsigned int queues[] = { 1, 2, 3, 16, 64, 100 };

	(void)state;
	for (size_t q = 0; q < sizeof(queues) / sizeof(queues[0]); q++)
		for (unsigned int threads = 1; threads <= 3; threads++) {
			run(threads, queues[q], 5000, 2500);
			run(threads, queues[q], 1, 100);
		}
}

static void apart_the_first_of_two_copies_downwards(void **state)
{
	static const unsigned int expected[] = { 0, 0, 1, 1, 2 };

	(void)state;
	apart = true;
	for (unsigned int threads = 1; threads <= 4; threads++) {
		run(threads, 16, 5000, 500);
		assert_int_equal(atomic_load(&downwards), expected[threads]);
		assert_int_equal(noted, threads > 1);
	}
	apart = false;
	run(2, 16, 5000, 500);
	assert_int_equal(atomic_load(&downwards), 0);
}

static void large_rounds_are_taken_in_pieces(void **state)
{
	const int cpus[2] = { 0, 0 };
	struct team_work work = { .size = 1 << 20, .cpus = cpus, .threads = 2, .queue = 1 };
	struct team *team;

	(void)state;
	for (; work.size <= 8 << 20; work.size *= 8) {
		assert_int_equal(team_start(&work, &team), 0);
		assert_int_equal(team_takes_pieces(team), work.size > 1 << 20);
		team_stop(team);
	}
	for (unsigned int threads = 2; threads <= 3; threads++) {
		run(threads, 1, 8 << 20, 20);
		run(threads, 2, (8 << 20) + 4711, 40);
		run(threads, 16, 8 << 20, 400);
	}
}

/* The others are some times as slow: the caller's part grows before all of one queue is complete. */
static void parts_follow_rates_with_rounds_under_way(void **state)
{
	static uint8_t dst[64 << 10] __attribute__((aligned(LINE)));
	int cpus[MAX_CPUS];
	struct team_work work = {
		.dst = dst, .src = dst, .size = sizeof(dst), .cpus = cpus, .threads = 2, .queue = 16
	};
	unsigned int rounds = 0;
	struct team *team;

	(void)state;
	/* On one CPU whoever waits gives it away, and both are as fast. */
	if (node_cpus(node_here(), cpus) < 2)
		skip();
	team = start(&work);
	while (rounds < 1000000 && callers_part <= work.size * 5 / 8) {
		team_submit(team, 1000);
		rounds += 1000;
	}
	assert_true(callers_part > work.size * 5 / 8);
	team_drain(team);
	check_copies(&work, rounds);
	team_stop(team);
	free(copies);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_of_every_round_is_copied),
		cmocka_unit_test(apart_the_first_of_two_copies_downwards),
		cmocka_unit_test(parts_follow_rates_with_rounds_under_way),
		cmocka_unit_test(large_rounds_are_taken_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

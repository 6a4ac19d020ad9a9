// SPDX-License-Identifier: GPL-2.0-only
/* Threads that copy together: every byte of every round is somebody's, however parts change. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "copies/team.h"
#include "nodes.h"

static pthread_t caller;
static atomic_ullong bytes;

/* Nothing is copied, only counted; all but the caller take their time over it. */
static void count_bytes(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	volatile unsigned int sink = 0;

	(void)dst, (void)src, (void)ahead;
	atomic_fetch_add(&bytes, size);
	if (pthread_equal(pthread_self(), caller))
		return;
	for (size_t i = 0; i < size / 16; i++)
		sink = sink + 1;
}

static const struct copy_kernel counting = { .name = "counting", .copy = count_bytes };

static void run(unsigned int threads, unsigned int queue, size_t size, unsigned int rounds)
{
	const struct copier copier = { &counting, 0 };
	int cpus[MAX_CPUS], node = node_here();
	unsigned int n = node_cpus(node, cpus);
	struct team_work work = { .dst = malloc(size),
				  .src = malloc(size),
				  .size = size,
				  .cpus = cpus,
				  .threads = threads,
				  .queue = queue };
	unsigned int many = 1;
	struct team *team;

	for (unsigned int i = n; i < threads; i++)
		cpus[i] = cpus[i % n];
	caller = pthread_self();
	atomic_store(&bytes, 0);
	assert_int_equal(team_start(&work, &team), 0);
	team_use(team, &copier);
	/* One by one, and as many at once as there is room for, or not. */
	for (unsigned int done = 0; done < rounds; many = many % 200 + 1) {
		unsigned int now = many < rounds - done ? many : rounds - done;

		team_submit(team, now);
		done += now;
		if (many % 9 && done < rounds)
			continue;
		team_drain(team);
		assert_true(team_idle(team));
		assert_int_equal(atomic_load(&bytes), (unsigned long long)size * done);
	}
	team_stop(team);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_of_every_round_is_copied),
		cmocka_unit_test(large_rounds_are_taken_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

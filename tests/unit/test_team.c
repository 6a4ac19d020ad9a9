// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that copy: one operation at a time every byte of it is somebody's; with a queue every
 * operation is one thread's, between that thread's buffers.
 */
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "copies/team.h"
#include "machine/clock.h"
#include "machine/nodes.h"

#define LINE 64
#define MOST_THREADS 4

static pthread_t caller;
static struct team_work work;
static atomic_uint *copies[MOST_THREADS]; /* of each line of each destination, by where it begins */
static atomic_ullong bytes;

static unsigned int pairs_of(const struct team_work *w)
{
	if (w->both_ways)
		return 2;
	return w->queue > 1 ? w->threads : 1;
}

/* Whose destination that is. */
static unsigned int pair_of(const uint8_t *dst)
{
	for (unsigned int i = 0; i < pairs_of(&work); i++)
		if (dst >= work.pairs[i].dst && dst < work.pairs[i].dst + work.pairs[i].size)
			return i;
	fail_msg("none of the destinations");
	return 0;
}

/* Nothing is copied, only counted. */
static void count_copy(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	const unsigned int pair = pair_of(dst);
	const size_t from = (size_t)(dst - work.pairs[pair].dst);

	(void)ahead;
	assert_ptr_equal(src, work.pairs[pair].src + from);
	atomic_fetch_add(&bytes, size);
	for (size_t at = from; size && at / LINE * LINE < from + size; at += LINE)
		atomic_fetch_add(&copies[pair][at / LINE], 1);
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

static size_t lines(size_t size)
{
	return (size + LINE - 1) / LINE;
}

static void make_pairs(unsigned int threads, unsigned int queue, size_t size, bool both_ways)
{
	static struct copy_pair pairs[MOST_THREADS];
	static int cpus[MAX_CPUS];
	unsigned int n = node_cpus(node_here(), cpus);

	work = (struct team_work){ .pairs = pairs,
				   .size = size,
				   .cpus = cpus,
				   .threads = threads,
				   .queue = queue,
				   .both_ways = both_ways };
	for (unsigned int i = n; i < threads; i++)
		cpus[i] = cpus[i % n];
	for (unsigned int i = 0; i < pairs_of(&work); i++) {
		pairs[i].size = !both_ways ? size : i ? size / 2 : size - size / 2;
		pairs[i].dst = aligned_alloc(LINE, lines(size) * LINE);
		pairs[i].src = malloc(size);
		pairs[i].ops = 0;
		copies[i] = calloc(lines(size), sizeof(*copies[i]));
	}
	caller = pthread_self();
	atomic_store(&bytes, 0);
	atomic_store(&downwards, 0);
	noted = false;
}

static void make_buffers(unsigned int threads, unsigned int queue, size_t size)
{
	make_pairs(threads, queue, size, false);
}

static void free_buffers(void)
{
	for (unsigned int i = 0; i < pairs_of(&work); i++) {
		free(work.pairs[i].dst);
		free(work.pairs[i].src);
		free(copies[i]);
	}
}

/* Parts meet at lines, so each was copied by one thread an operation. */
static void check_copies(unsigned int ops)
{
	uint64_t sum = 0;

	assert_int_equal(atomic_load(&bytes), (unsigned long long)work.size * ops);
	if (work.queue == 1)
		work.pairs->ops = ops;
	for (unsigned int p = 0; p < pairs_of(&work); p++) {
		for (size_t i = 0; i < lines(work.size); i++)
			assert_int_equal(atomic_load(&copies[p][i]), work.pairs[p].ops);
		sum += work.pairs[p].ops;
	}
	assert_int_equal(sum, ops);
}

static void run(unsigned int threads, unsigned int queue, size_t size, unsigned int ops, bool apart)
{
	const struct copier copier = { .kernel = &counting, .apart = apart };
	unsigned int many = 1;
	struct team *team;

	make_buffers(threads, queue, size);
	assert_int_equal(team_start(&work, &team), 0);
	team_use(team, &copier);
	/* One by one, and as many at once as there is room for, or not. */
	for (unsigned int done = 0; done < ops; many = many % 200 + 1) {
		unsigned int now = many < ops - done ? many : ops - done;

		team_submit(team, now);
		done += now;
		if (many % 9 && done < ops)
			continue;
		team_drain(team);
		assert_true(team_idle(team));
		check_copies(done);
	}
	team_stop(team);
	free_buffers();
}

static void every_byte_of_every_operation_is_copied(void **state)
{
	static const unsigned int queues[] = { 1, 2, 3, 16, 64, 100 };

	(void)state;
	for (size_t q = 0; q < sizeof(queues) / sizeof(queues[0]); q++)
		for (unsigned int threads = 1; threads <= 3; threads++) {
			run(threads, queues[q], 5000, 2500, false);
			run(threads, queues[q], 1, 100, false);
		}
}

/* Each half of the threads has its pair, and who is done early helps with either. */
static void both_ways_every_byte_of_both_pairs_is_copied(void **state)
{
	static const size_t sizes[] = { 2, 3, 5000, 5001, 1 << 20, (8 << 20) + 4711 };
	const struct copier copier = { .kernel = &counting };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (unsigned int threads = 2; threads <= MOST_THREADS; threads += 2) {
			struct team *team;

			make_pairs(threads, 1, sizes[i], true);
			assert_int_equal(team_start(&work, &team), 0);
			team_use(team, &copier);
			team_submit(team, 50);
			team_drain(team);
			assert_int_equal(atomic_load(&bytes), 50ull * sizes[i]);
			for (unsigned int p = 0; p < 2; p++)
				for (size_t l = 0; l < lines(work.pairs[p].size); l++)
					assert_int_equal(atomic_load(&copies[p][l]), 50);
			team_stop(team);
			free_buffers();
		}
}

static void apart_the_first_of_two_copies_downwards(void **state)
{
	static const unsigned int expected[] = { 0, 0, 1, 1, 2 };

	(void)state;
	for (unsigned int threads = 1; threads <= MOST_THREADS; threads++) {
		run(threads, 1, 5000, 500, true);
		assert_int_equal(atomic_load(&downwards), expected[threads]);
		assert_int_equal(noted, threads > 1);
	}
	run(2, 1, 5000, 500, false);
	assert_int_equal(atomic_load(&downwards), 0);
}

static void large_operations_are_taken_in_pieces(void **state)
{
	struct team *team;

	(void)state;
	for (size_t size = 1 << 20; size <= 8 << 20; size *= 8) {
		make_buffers(2, 1, size);
		assert_int_equal(team_start(&work, &team), 0);
		assert_int_equal(team_takes_pieces(team), size > 1 << 20);
		team_stop(team);
		free_buffers();
	}
	for (unsigned int threads = 2; threads <= 3; threads++) {
		run(threads, 1, 8 << 20, 20, false);
		run(threads, 1, (8 << 20) + 4711, 40, false);
		run(threads, 2, 8 << 20, 40, false);
	}
}

static atomic_uint copying, most_copying, by_others;

static void copy_beside_others(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	unsigned int now = atomic_fetch_add(&copying, 1) + 1, most = atomic_load(&most_copying);

	while (now > most && !atomic_compare_exchange_weak(&most_copying, &most, now))
		;
	count_copy(dst, src, size, ahead);
	if (!pthread_equal(pthread_self(), caller))
		atomic_fetch_add(&by_others, 1);
	atomic_fetch_sub(&copying, 1);
}

static void no_more_are_in_flight_than_the_queue_holds(void **state)
{
	static const struct copy_kernel beside = { .name = "beside", .copy = copy_beside_others };
	const struct copier copier = { .kernel = &beside };
	struct team *team;

	(void)state;
	make_buffers(4, 2, 5000);
	assert_int_equal(team_start(&work, &team), 0);
	team_use(team, &copier);
	team_submit(team, 20000);
	team_drain(team);
	check_copies(20000);
	assert_in_range(atomic_load(&most_copying), 1, 2);
	team_stop(team);
	free_buffers();
}

/* The caller needn't copy anything while there is room: the other one takes what there is. */
static void who_has_time_copies(void **state)
{
	static const struct copy_kernel beside = { .name = "beside", .copy = copy_beside_others };
	const struct copier copier = { .kernel = &beside };
	struct team *team;

	(void)state;
	atomic_store(&by_others, 0);
	make_buffers(2, 64, 5000);
	assert_int_equal(team_start(&work, &team), 0);
	team_use(team, &copier);
	team_submit(team, 63);
	while (!team_idle(team))
		;
	assert_int_equal(atomic_load(&by_others), 63);
	team_submit(team, 1000);
	team_drain(team);
	check_copies(1063);
	assert_int_equal(work.pairs[1].ops, atomic_load(&by_others));
	team_stop(team);
	free_buffers();
}

static _Thread_local bool is_caller;

/* Others take so long that the caller must believe that they have no CPU. */
static void copy_late(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	count_copy(dst, src, size, ahead);
	if (!is_caller)
		sleep_ns(4000000);
}

static void copy_now(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	count_copy(dst, src, size, ahead);
}

static void without_cpus_for_all_they_sleep_and_copy_as_ever(void **state)
{
	static const struct copy_kernel late = { .name = "late", .copy = copy_late };
	static const struct copy_kernel quick = { .name = "quick", .copy = copy_now };
	struct copier copier = { .kernel = &late };
	struct rusage before, after;
	unsigned int ops = 4;
	struct team *team;

	(void)state;
	is_caller = true;
	make_buffers(3, 1, 5000);
	assert_int_equal(team_start(&work, &team), 0);
	team_use(team, &copier);
	team_submit(team, 4);
	assert_false(team_crowded(team));
	while (ops < 2000 && !team_crowded(team)) {
		team_submit(team, 1);
		ops++;
	}
	assert_true(team_crowded(team));
	copier.kernel = &quick;
	team_use(team, &copier);
	/* Who spins is taken off its CPU; who sleeps leaves it. */
	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	sleep_ns(50000000);
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_true(after.ru_nvcsw >= before.ru_nvcsw + 10);
	/* It may have been other work that is over: they try again. */
	while (ops < 4000 && team_crowded(team)) {
		team_submit(team, 1);
		ops++;
	}
	assert_false(team_crowded(team));
	check_copies(ops);
	assert_int_equal(team_error(team), 0);
	team_stop(team);
	free_buffers();
}

/* No kernel has that CPU. */
static void a_thread_that_is_not_on_its_cpu_is_told_of(void **state)
{
	const struct copier copier = { .kernel = &counting };
	int cpus[2];
	struct team *team;

	(void)state;
	make_buffers(2, 1, 5000);
	cpus[0] = work.cpus[0];
	cpus[1] = MAX_CPUS - 1;
	work.cpus = cpus;
	assert_int_equal(team_start(&work, &team), 0);
	team_use(team, &copier);
	team_submit(team, 1);
	assert_int_equal(team_error(team), -EINVAL);
	team_stop(team);
	free_buffers();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_of_every_operation_is_copied),
		cmocka_unit_test(both_ways_every_byte_of_both_pairs_is_copied),
		cmocka_unit_test(apart_the_first_of_two_copies_downwards),
		cmocka_unit_test(large_operations_are_taken_in_pieces),
		cmocka_unit_test(no_more_are_in_flight_than_the_queue_holds),
		cmocka_unit_test(who_has_time_copies),
		cmocka_unit_test(without_cpus_for_all_they_sleep_and_copy_as_ever),
		cmocka_unit_test(a_thread_that_is_not_on_its_cpu_is_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

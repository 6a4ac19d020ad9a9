// SPDX-License-Identifier: GPL-2.0-only
/* Blocks of processes that are gone are taken while others are still at it. */
#include "unit.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "profile/sweep.h"

#define NOBODY 0x7fffffffu /* no process has that number */

static struct counters c;
static struct totals t;
static struct sweep s;

/* All blocks of a chunk, by processes that are gone. */
static void fill(size_t chunk)
{
	struct block *first = mmap(NULL, CHUNK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, c.fd,
				   (off_t)(HEADER_SIZE + chunk * CHUNK_SIZE));

	assert_ptr_not_equal(first, MAP_FAILED);
	for (size_t i = 0; i < CHUNK_BLOCKS; i++) {
		struct block *b = (struct block *)((char *)first + i * BLOCK_SIZE);

		b->process = (uint32_t)(chunk * CHUNK_BLOCKS + i + 1);
		b->pid = NOBODY;
		b->thread = 1;
		b->counts.sizes[OP_MEMCPY][5] = (struct tally){ 2, 10 };
		b->callers[3] = (struct caller){ .address = 1, .tally = { 2, 10 }, .offset = 7 };
	}
	munmap(first, CHUNK_SIZE);
	c.region->chunks[chunk].taken = CHUNK_BLOCKS;
	c.region->processes += CHUNK_BLOCKS;
}

static void change(size_t chunk, size_t block, uint32_t process, uint32_t pid)
{
	struct block *first = mmap(NULL, CHUNK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, c.fd,
				   (off_t)(HEADER_SIZE + chunk * CHUNK_SIZE));
	struct block *b = (struct block *)((char *)first + block * BLOCK_SIZE);

	b->process = process;
	b->pid = pid;
	munmap(first, CHUNK_SIZE);
}

static int begin(void **state)
{
	(void)state;
	assert_int_equal(counters_open(&c), 0);
	t = (struct totals){ 0 };
	s = (struct sweep){ .counters = &c, .totals = &t };
	for (size_t i = 0; i < SWEEP_CHUNKS; i++)
		fill(i);
	c.region->current = SWEEP_CHUNKS;
	return 0;
}

static int end(void **state)
{
	(void)state;
	totals_free(&t);
	counters_close(&c);
	return 0;
}

static long long kilobytes(void)
{
	struct stat st;

	assert_int_equal(fstat(c.fd, &st), 0);
	return (long long)st.st_blocks / 2;
}

static void what_the_dead_counted_is_taken_once(void **state)
{
	long long before = kilobytes();

	(void)state;
	assert_int_equal(sweep(&s), 0);
	assert_int_equal(counts_sum(&t.counts).calls, SWEEP_CHUNKS * CHUNK_BLOCKS * 2);
	assert_int_equal(t.ncallers, 1);
	assert_int_equal(t.callers[0].tally.bytes, SWEEP_CHUNKS * CHUNK_BLOCKS * 10);
	assert_int_equal(t.nprocesses, SWEEP_CHUNKS * CHUNK_BLOCKS);
	assert_int_equal(c.region->current, 0);
	assert_int_equal(c.region->chunks[3].taken, 0);
	assert_true(kilobytes() < before / 2);
	assert_int_equal(sweep(&s), 0);
	assert_int_equal(counts_sum(&t.counts).calls, SWEEP_CHUNKS * CHUNK_BLOCKS * 2);
	/* As good as fresh. */
	fill(0);
	assert_int_equal(counts_sum(&t.counts).calls, SWEEP_CHUNKS * CHUNK_BLOCKS * 2);
}

static void chunks_of_the_living_stay(void **state)
{
	(void)state;
	/* This process has the counters mapped; a block that nobody has begun yet is somebody's. */
	change(0, 31, 32, (uint32_t)getpid());
	change(5, 0, 0, 0);
	assert_int_equal(sweep(&s), 0);
	assert_int_equal(counts_sum(&t.counts).calls, (SWEEP_CHUNKS - 2) * CHUNK_BLOCKS * 2);
	assert_int_equal(c.region->chunks[0].taken, CHUNK_BLOCKS);
	assert_int_equal(c.region->chunks[5].taken, CHUNK_BLOCKS);
	assert_int_equal(c.region->chunks[1].taken, 0);
	assert_int_equal(c.region->current, 1);
}

static void a_few_full_chunks_arent_worth_a_look(void **state)
{
	(void)state;
	c.region->chunks[2].taken = CHUNK_BLOCKS - 1;
	assert_int_equal(sweep(&s), 0);
	assert_int_equal(counts_sum(&t.counts).calls, 0);
	assert_int_equal(c.region->chunks[0].taken, CHUNK_BLOCKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_the_dead_counted_is_taken_once, begin, end),
		cmocka_unit_test_setup_teardown(chunks_of_the_living_stay, begin, end),
		cmocka_unit_test_setup_teardown(a_few_full_chunks_arent_worth_a_look, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

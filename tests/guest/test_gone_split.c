/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A provider goes while mappings of its coherent memory are split, moved and unmapped: the kernel
 * has nothing to say to it, and what is left shows nothing.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "gone.h"
#include "stuck.h"

#define PAGES_MAPPED 16
#define SIZE (PAGES_MAPPED * PAGE)

struct splitter {
	char *memory;
	size_t page; /* its own, which is what becomes of it */
	void (*act)(struct splitter *splitter);
	atomic_bool stop;
};

/* Each change of the access of a page within makes three mappings of one, or one of three. */
static void protect(struct splitter *splitter)
{
	splitter->page = 1 + (splitter->page + 1) % (PAGES_MAPPED - 2);
	mprotect(splitter->memory + splitter->page * PAGE, PAGE, PROT_READ);
	mprotect(splitter->memory + splitter->page * PAGE, PAGE, PROT_READ | PROT_WRITE);
}

/* To another place and back. */
static void move(struct splitter *splitter)
{
	char *from = splitter->memory + 3 * PAGE, *elsewhere;

	elsewhere = mremap(from, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   splitter->memory + SIZE + PAGE);
	if (elsewhere != MAP_FAILED)
		mremap(elsewhere, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, from);
}

/* From the middle on, page by page. */
static void unmap(struct splitter *splitter)
{
	if (splitter->page >= PAGES_MAPPED / 2)
		return;
	munmap(splitter->memory + (PAGES_MAPPED / 4 + splitter->page++) * PAGE, PAGE);
}

static void *keep_splitting(void *param)
{
	struct splitter *splitter = param;

	while (!atomic_load(&splitter->stop))
		splitter->act(splitter);
	return NULL;
}

/* With room behind it. */
static char *map_coherent(const struct bench *bench)
{
	struct dmabench_buffer buffer;
	char *room = mmap(NULL, 2 * SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(room, MAP_FAILED);
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, SIZE, &buffer), 0);
	assert_ptr_equal(mmap(room, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, bench->fd,
			      (off_t)buffer.mmap_offset),
			 room);
	return room;
}

static void gone_while(void **state, void (*act)(struct splitter *splitter))
{
	struct bench *bench = *state;
	int round, rounds = fast(bench) ? 40 : 3;
	long before = kernel_warnings();

	for (round = 0; round < rounds; round++) {
		struct splitter splitter = { .memory = map_coherent(bench), .act = act };
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, keep_splitting, &splitter), 0);
		usleep(50 * round);
		make_it_go(bench, UNBOUND);
		atomic_store(&splitter.stop, true);
		assert_true(ends_soon(thread, NULL));
		assert_int_equal(munmap(splitter.memory, 2 * SIZE), 0);
		bring_it_back(bench, UNBOUND);
	}
	assert_int_equal(kernel_warnings(), before);
}

static void gone_while_it_is_split(void **state)
{
	gone_while(state, protect);
}

static void gone_while_it_is_moved(void **state)
{
	gone_while(state, move);
}

static void gone_while_it_is_unmapped(void **state)
{
	gone_while(state, unmap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GONE(gone_while_it_is_split),
		GONE(gone_while_it_is_moved),
		GONE(gone_while_it_is_unmapped),
	};

	return cmocka_run_group_tests_name("gone while split", tests, NULL, NULL);
}

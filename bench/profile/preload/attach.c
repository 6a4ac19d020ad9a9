// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a process comes to its counters. A program that is started maps the region by its path; a
 * child of fork has the mapping from its parent, and begins where it first copies. No process ever
 * has to open anything in the middle of its work but for more than a chunk's threads, since it may
 * have locked itself up until then.
 */
#include "attach.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modules.h"
#include "next.h"

enum { NOT_YET, UNDER_WAY, DONE, FAILED };
static int state;
static struct region *region;
static char region_path[64];
static uint32_t program;
static pthread_key_t key;
static bool have_key;

#define ADDRESS_BITS 48

/* The chunk that this process, or one that it comes from, mapped last: address, and its number. */
static uint64_t mapped;

struct region *attached(void)
{
	return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == DONE ? region : NULL;
}

/* Whoever has it mapped holds the lock, to which the mapping's file stays open. */
static void *map_part(uint64_t at, uint64_t size)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, region_path, O_RDWR | O_CLOEXEC, 0);
	void *map;

	if (fd < 0)
		return NULL;
	flock(fd, LOCK_SH | LOCK_NB);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)at);
	close(fd);
	if (map == MAP_FAILED)
		return NULL;
	madvise(map, size, MADV_DONTDUMP);
	return map;
}

static void *address_of(uint64_t word)
{
	return (void *)(uintptr_t)(word << (64 - ADDRESS_BITS) >> (64 - ADDRESS_BITS));
}

static uint64_t map_chunk(uint32_t number)
{
	void *map = map_part(HEADER_SIZE + number * CHUNK_SIZE, CHUNK_SIZE);
	uint64_t word = (uintptr_t)map | (uint64_t)number << ADDRESS_BITS;

	if (!map)
		return 0;
	__atomic_store_n(&mapped, word, __ATOMIC_RELEASE);
	return word;
}

static uint32_t taken_of(uint32_t number)
{
	return __atomic_load_n(&region->chunks[number].taken, __ATOMIC_ACQUIRE);
}

/* A block of that chunk, NULL if they are all taken. */
static struct block *take_of(uint64_t chunk)
{
	uint32_t number = (uint32_t)(chunk >> ADDRESS_BITS), i = taken_of(number);

	if (i < CHUNK_BLOCKS)
		i = __atomic_fetch_add(&region->chunks[number].taken, 1, __ATOMIC_ACQ_REL);
	if (i >= CHUNK_BLOCKS)
		return NULL;
	return (struct block *)((char *)address_of(chunk) + i * BLOCK_SIZE);
}

/* A chunk that can't be mapped isn't asked for again: what it takes may be forbidden by now. */
static struct block *fresh_block(void)
{
	uint64_t chunk = __atomic_load_n(&mapped, __ATOMIC_ACQUIRE);
	struct block *b = chunk ? take_of(chunk) : NULL;

	while (!b && !own.no_chunk) {
		uint32_t number = __atomic_load_n(&region->current, __ATOMIC_RELAXED);

		if (number < CHUNKS && taken_of(number) < CHUNK_BLOCKS) {
			chunk = map_chunk(number);
			b = chunk ? take_of(chunk) : NULL;
			own.no_chunk = !chunk;
		} else if (number < CHUNKS) {
			__atomic_compare_exchange_n(&region->current, &number, number + 1, false,
						    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
		} else {
			own.no_chunk = 1;
		}
	}
	return b;
}

/* Of this process's threads that have ended. */
static struct block *used_block(void)
{
	uint64_t head = __atomic_load_n(&own.free, __ATOMIC_ACQUIRE), rest;
	struct block *b;

	do {
		b = address_of(head);
		if (!b)
			return NULL;
		rest = b->next | ((head >> ADDRESS_BITS) + 1) << ADDRESS_BITS;
	} while (!__atomic_compare_exchange_n(&own.free, &head, rest, false, __ATOMIC_ACQ_REL,
					      __ATOMIC_ACQUIRE));
	return b;
}

static void give_back(struct block *b)
{
	uint64_t head = __atomic_load_n(&own.free, __ATOMIC_ACQUIRE), new;

	do {
		b->next = (uintptr_t)address_of(head);
		new = (uintptr_t)b | ((head >> ADDRESS_BITS) + 1) << ADDRESS_BITS;
	} while (!__atomic_compare_exchange_n(&own.free, &head, new, false, __ATOMIC_ACQ_REL,
					      __ATOMIC_ACQUIRE));
}

/* A number for this process, if it has none yet; false: another thread is at it. */
static bool begin_process(void)
{
	if (__atomic_load_n(&own.process, __ATOMIC_ACQUIRE))
		return true;
	if (__atomic_exchange_n(&own.claimed, 1, __ATOMIC_ACQ_REL))
		return false;
	own.pid = (uint32_t)getpid();
	__atomic_store_n(&own.process, __atomic_add_fetch(&region->processes, 1, __ATOMIC_RELAXED),
			 __ATOMIC_RELEASE);
	return true;
}

static struct tally sum_of(const struct block *b)
{
	struct tally sum = { 0 };

	for (unsigned int op = 0; op < COUNTED_OPS; op++)
		for (unsigned int i = 0; i < SIZE_BINS; i++) {
			sum.calls += b->counts.sizes[op][i].calls;
			sum.bytes += b->counts.sizes[op][i].bytes;
		}
	return sum;
}

struct block *block_for_thread(void)
{
	struct block *b;

	if (!begin_process())
		return NULL;
	b = used_block();
	if (!b)
		b = fresh_block();
	if (!b)
		return NULL;
	b->pid = own.pid;
	b->program = program;
	b->thread = __atomic_add_fetch(&own.threads, 1, __ATOMIC_RELAXED);
	b->before = sum_of(b);
	/* From now on it counts. */
	__atomic_store_n(&b->process, own.process, __ATOMIC_RELEASE);
	mine.process = own.process;
	mine.block = b;
	if (have_key)
		pthread_setspecific(key, b);
	return b;
}

/* Keep what the thread did among the busiest that had this block. */
static void note_ended(struct block *b)
{
	struct tally sum = sum_of(b);
	struct ended_thread now = {
		.thread = b->thread,
		.tally = { sum.calls - b->before.calls, sum.bytes - b->before.bytes },
	};

	b->nended++;
	for (unsigned int i = 0; i < ENDED_KEPT; i++)
		if (!b->ended[i].thread || b->ended[i].tally.bytes < now.tally.bytes) {
			struct ended_thread less = b->ended[i];

			b->ended[i] = now;
			now = less;
		}
	b->before = sum;
	b->thread = 0;
}

/* A thread ends. If others' destructors copy after this one, it takes a block again. */
static void thread_ends(void *arg)
{
	struct block *b = arg;

	if (mine.block != b || mine.process != own.process)
		return;
	mine.busy = true;
	mine.block = NULL;
	note_ended(b);
	give_back(b);
	mine.busy = false;
}

/* For kernels that don't empty the page. */
static void forked(void)
{
	own_page = (union own_page){ 0 };
}

static bool map_region(void)
{
	const char *path = getenv(REGION_VARIABLE);
	struct region *r;
	size_t n = 0;

	while (path && path[n] && n < sizeof(region_path) - 1) {
		region_path[n] = path[n];
		n++;
	}
	if (!n || path[n])
		return false;
	r = map_part(0, HEADER_SIZE);
	if (!r)
		return false;
	if (r->magic != REGION_MAGIC || r->version != REGION_VERSION ||
	    r->header_size != HEADER_SIZE || r->block_size != BLOCK_SIZE) {
		munmap(r, HEADER_SIZE);
		return false;
	}
	region = r;
	return true;
}

static bool begin(void)
{
	uint32_t number;

	next_find();
	if (!map_region())
		return false;
	have_key = !pthread_key_create(&key, thread_ends);
	madvise(&own_page, sizeof(own_page), MADV_WIPEONFORK);
	pthread_atfork(NULL, NULL, forked);
	program = module_program(region);
	number = __atomic_load_n(&region->current, __ATOMIC_RELAXED);
	if (number < CHUNKS)
		map_chunk(number);
	__atomic_fetch_add(&region->images, 1, __ATOMIC_RELAXED);
	return true;
}

bool attach(void)
{
	int now = NOT_YET;

	if (__atomic_compare_exchange_n(&state, &now, UNDER_WAY, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE)) {
		now = begin() ? DONE : FAILED;
		__atomic_store_n(&state, now, __ATOMIC_RELEASE);
	}
	/* Another thread is at it, before main() has begun. */
	while (now == UNDER_WAY) {
		sched_yield();
		now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
	}
	return now == DONE;
}

/* Programs that never copy are seen, too. */
__attribute__((constructor)) static void start(void)
{
	mine.busy = true;
	attach();
	mine.busy = false;
}

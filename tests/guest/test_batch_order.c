/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BATCH moves the bytes of a long list whatever its order, between buffers of as many mapped
 * segments. What the order costs is said, and not judged.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define SPAN (count * PAGE)
#define BYTES 64UL /* of each page */

static struct dmabench_segment list[DMABENCH_MAX_SEGMENTS];
/* As many as there may be; a kernel that keeps a list of all mappings would take minutes. */
static size_t count = DMABENCH_MAX_SEGMENTS;
static char *src, *dst;
static uint32_t from, to;

/* Neighbours are far apart in the file and so in memory: no two pages make one segment. */
static char *scattered_pages(void)
{
	int fd = memfd_create("scattered", 0);
	char *memory = pages(SPAN);
	size_t i;

	assert_true(fd >= 0);
	/* Got in the order of the file, and mapped in another. */
	assert_int_equal(posix_fallocate(fd, 0, SPAN), 0);
	for (i = 0; i < count; i++) {
		size_t place = i * 7919 % count;

		assert_ptr_not_equal(mmap(memory + i * PAGE, PAGE, PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd,
					  (off_t)(place * PAGE)),
				     MAP_FAILED);
	}
	close(fd);
	return memory;
}

static uint32_t registered(const struct bench *bench, char *memory)
{
	struct dmabench_buffer buffer;

	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, SPAN, &buffer), 0);
	/* By a bus address of its own each, else this would show nothing. */
	if (buffer.sg_mapped < count / 2)
		print_message("# only %u mapped segments\n", buffer.sg_mapped);
	return buffer.handle;
}

static int setup(void **state)
{
	const struct bench *bench;
	size_t i;

	if (bench_setup(state))
		return -1;
	bench = *state;
	if (!on_sim(bench))
		return 0;
	if (!access("/sys/kernel/debug/dma-api", F_OK))
		count /= 16;
	src = scattered_pages();
	dst = scattered_pages();
	for (i = 0; i < count; i++)
		pattern(src + i * PAGE, BYTES, (unsigned int)i);
	from = registered(bench, src);
	to = registered(bench, dst);
	return 0;
}

static int teardown(void **state)
{
	const struct bench *bench = *state;

	if (on_sim(bench)) {
		assert_int_equal(destroy(bench->fd, from), 0);
		assert_int_equal(destroy(bench->fd, to), 0);
		pages_free(src, SPAN);
		pages_free(dst, SPAN);
	}
	return bench_teardown(state);
}

/* What it took to submit; all bytes are there, and those around them as they were. */
static uint64_t moves(const struct bench *bench)
{
	struct dmabench_batch arg = {
		.src = { .kind = DMABENCH_BUF_REGISTERED, .handle = from },
		.dst = { .kind = DMABENCH_BUF_REGISTERED, .handle = to },
		.span = SPAN,
		.segments_ptr = (uintptr_t)list,
		.segments = count,
		.engine = bench->engine,
		.depth = 256,
	};
	size_t i;

	for (i = 0; i < count; i++)
		memset(dst + i * PAGE, 0, 2 * BYTES);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BATCH, &arg), 0);
	assert_int_equal(arg.copied, count * BYTES);
	for (i = 0; i < count; i++) {
		static const char zeroes[BYTES];

		if (memcmp(dst + i * PAGE, src + i * PAGE, BYTES) ||
		    memcmp(dst + i * PAGE + BYTES, zeroes, BYTES))
			fail_msg("wrong bytes in page %zu", i);
	}
	return arg.submit_ns;
}

static uint64_t ascending(const struct bench *bench)
{
	size_t i;

	for (i = 0; i < count; i++)
		list[i] = (struct dmabench_segment){ i * PAGE, i * PAGE, BYTES };
	return moves(bench);
}

static void say(const char *order, uint64_t ns, uint64_t base)
{
	print_message("# %zu segments, submitted in ms: ascending %.1f, %s %.1f, ratio %.1f\n",
		      count, (double)base / 1e6, order, (double)ns / 1e6,
		      (double)ns / (double)base);
}

/* The i-th segment's page. */
typedef size_t order_fn(size_t i);

static size_t descending(size_t i)
{
	return count - 1 - i;
}

static size_t both_ends(size_t i)
{
	return i % 2 ? count - 1 - i / 2 : i / 2;
}

static size_t shuffled(size_t i)
{
	return (i * 5003 + 17) % count;
}

static void in_order(const struct bench *bench, const char *name, order_fn *order)
{
	uint64_t base, ns;
	size_t i;

	skip_unless_sim(bench);
	base = ascending(bench);
	for (i = 0; i < count; i++)
		list[i] = (struct dmabench_segment){ order(i) * PAGE, order(i) * PAGE, BYTES };
	ns = moves(bench);
	say(name, ns, base);
}

/* From the last page to the first. */
static void descending_list(void **state)
{
	in_order(*state, "descending", descending);
}

/* The first page, the last, the second, the last but one and so on. */
static void from_both_ends(void **state)
{
	in_order(*state, "from both ends", both_ends);
}

/* In no order at all. */
static void shuffled_list(void **state)
{
	in_order(*state, "shuffled", shuffled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descending_list),
		cmocka_unit_test(from_both_ends),
		cmocka_unit_test(shuffled_list),
	};

	return cmocka_run_group_tests_name("batch order", tests, setup, teardown);
}

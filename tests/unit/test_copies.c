// SPDX-License-Identifier: GPL-2.0-only
/* Every copy kernel moves exactly the bytes asked, wherever they start, and touches no other. */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "copies/choose.h"
#include "copies/edges.h"
#include "measure/pattern.h"
#include "paths/kernel_path.h"

#define OFFSETS 65
#define LENGTHS 1101
#define GUARD 128
#define UNTOUCHED 0x5a

static uint8_t source[OFFSETS + LENGTHS] __attribute__((aligned(64)));
static uint8_t target[GUARD + OFFSETS + LENGTHS + GUARD] __attribute__((aligned(64)));
static uint8_t untouched[GUARD];

static void fill_source(void)
{
	pattern_fill(source, sizeof(source), 9, 0, PATTERN_PLAIN);
	memset(untouched, UNTOUCHED, sizeof(untouched));
}

static void copy_exactly(const struct copier *c, size_t to, size_t from, size_t size)
{
	uint8_t *dst = target + GUARD + to;
	char name[COPY_VARIANT_LEN];

	memset(dst - GUARD, UNTOUCHED, size + 2 * GUARD);
	copier_run(c, dst, source + from, size);
	if (!memcmp(dst, source + from, size) && !memcmp(dst - GUARD, untouched, GUARD) &&
	    !memcmp(dst + size, untouched, GUARD))
		return;
	copier_name(c, name, sizeof(name));
	fail_msg("%s: %zu bytes to offset %zu from offset %zu", name, size, to, from);
}

/* Where there is such a copy: as a kernel of its own. */
static void check_downwards(const struct copier *c, void (*check)(const struct copier *c))
{
	const struct copy_kernel down = { .name = "downwards",
					  .family = c->kernel->family,
					  .bits = c->kernel->bits,
					  .copy = c->kernel->copy_down };
	const struct copier copier = { .kernel = &down };

	if (down.copy)
		check(&copier);
}

static void each_copier(void (*check)(const struct copier *c))
{
	static const size_t aheads[] = { 0, 1, 256, 1000 };

	for (size_t i = 0; i < copy_table.count; i++)
		for (size_t a = 0; a < sizeof(aheads) / sizeof(aheads[0]); a++) {
			struct copier c = { &copy_table.kernels[i], aheads[a], false };

			if (!copy_kernel_usable(c.kernel) ||
			    (c.ahead && c.kernel->family != COPY_NT))
				continue;
			check(&c);
			check_downwards(&c, check);
		}
}

static void try_lengths(const struct copier *c)
{
	static const size_t from[] = { 0, 1, 32 };

	for (size_t to = 0; to < OFFSETS; to++)
		for (size_t f = 0; f < sizeof(from) / sizeof(from[0]); f++)
			for (size_t size = 0; size < LENGTHS; size++)
				copy_exactly(c, to, from[f], size);
}

static void exact_at_every_length_and_offset_of_the_destination(void **state)
{
	(void)state;
	fill_source();
	each_copier(try_lengths);
}

static void try_offsets(const struct copier *c)
{
	static const size_t sizes[] = { 0,   1,	  15,  16,  63,	 64,  65,   127,
					128, 255, 256, 257, 319, 320, 1024, 1100 };

	for (size_t to = 0; to < OFFSETS; to++)
		for (size_t from = 0; from < OFFSETS; from++)
			for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
				copy_exactly(c, to, from, sizes[s]);
}

static void exact_at_any_two_offsets(void **state)
{
	(void)state;
	fill_source();
	each_copier(try_offsets);
}

/* Pages of which the first and the last can't be touched at all. */
static uint8_t *fenced_pages(size_t pages, size_t page)
{
	uint8_t *map =
		mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map + page, pages * page, PROT_READ | PROT_WRITE), 0);
	return map + page;
}

static uint8_t *fenced_src, *fenced_dst;
static size_t fenced_bytes;

static void copy_between_fences(const struct copier *c, size_t size, bool at_end)
{
	size_t shift = at_end ? fenced_bytes - size : 0;
	size_t rest = fenced_bytes - size;

	memset(fenced_dst, UNTOUCHED, fenced_bytes);
	copier_run(c, fenced_dst + shift, fenced_src + shift, size);
	assert_true(pattern_check(fenced_dst + shift, size, 9, shift, PATTERN_PLAIN) < 0);
	for (size_t i = 0; i < rest; i++)
		assert_int_equal(fenced_dst[at_end ? i : size + i], UNTOUCHED);
}

static void try_fences(const struct copier *c)
{
	static const size_t sizes[] = { 1, 64, 2048, 4095, 4096, 4097, 8191, 8192, 8193, 12288 };

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (int at_end = 0; at_end < 2; at_end++)
			copy_between_fences(c, sizes[s], at_end);
}

static void nothing_is_read_or_written_beyond_the_pages(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (12288 + page - 1) / page;

	(void)state;
	fenced_bytes = pages * page;
	fenced_src = fenced_pages(pages, page);
	fenced_dst = fenced_pages(pages, page);
	pattern_fill(fenced_src, fenced_bytes, 9, 0, PATTERN_PLAIN);
	each_copier(try_fences);
	munmap(fenced_src - page, (pages + 2) * page);
	munmap(fenced_dst - page, (pages + 2) * page);
}

static void width_0_is_the_widest_and_others_are_themselves(void **state)
{
	const struct copy_kernel *widest = copy_kernel_find(COPY_NT, 0);
	struct case_params p = { .vector = 1024 };
	char why[160];

	(void)state;
	assert_non_null(widest);
	for (size_t i = 0; i < copy_table.count; i++) {
		const struct copy_kernel *k = &copy_table.kernels[i];

		if (k->family == COPY_NT && copy_kernel_usable(k))
			assert_true(k->bits <= widest->bits);
		if (copy_kernel_usable(k))
			assert_ptr_equal(copy_kernel_find(k->family, k->bits), k);
	}
	assert_int_equal(kernel_path_probe(COPY_NT, &p, why, sizeof(why)), -EOPNOTSUPP);
	assert_non_null(strstr(why, "1024 bits"));
}

static void names_tell_how_it_copies(void **state)
{
	struct copier c = { .kernel = copy_kernel_find(COPY_NT, 128) };
	char name[COPY_VARIANT_LEN];

	(void)state;
	copier_name(&c, name, sizeof(name));
	assert_string_equal(name, "nt128");
	c.ahead = 4096;
	copier_name(&c, name, sizeof(name));
	assert_string_equal(name, "nt128+4096");
	c = (struct copier){ .kernel = copy_kernel_find(COPY_VECTOR, 128), .apart = true };
	copier_name(&c, name, sizeof(name));
	assert_string_equal(name, "vector128-apart");
}

/* So that their rates don't change with what else is linked. */
static void vector_copies_begin_with_a_line(void **state)
{
	(void)state;
#if !defined(__x86_64__)
	skip();
#endif
	for (size_t i = 0; i < copy_table.count; i++)
		if (copy_table.kernels[i].family == COPY_VECTOR)
			assert_int_equal((uintptr_t)copy_table.kernels[i].copy % LINE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_at_every_length_and_offset_of_the_destination),
		cmocka_unit_test(exact_at_any_two_offsets),
		cmocka_unit_test(nothing_is_read_or_written_beyond_the_pages),
		cmocka_unit_test(width_0_is_the_widest_and_others_are_themselves),
		cmocka_unit_test(vector_copies_begin_with_a_line),
		cmocka_unit_test(names_tell_how_it_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

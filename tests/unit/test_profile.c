// SPDX-License-Identifier: GPL-2.0-only
/* Which counter a copy belongs to, and what blocks come to. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profile/bins.h"
#include "profile/profile.h"
#include "profile/totals.h"

/* Every bin begins where the one before ends, and holds its first and last size. */
static void bins_are_without_gap_or_overlap(void **state)
{
	(void)state;
	assert_int_equal(size_bin_from(0), 0);
	for (unsigned int i = 0; i + 1 < SIZE_BINS; i++) {
		assert_true(size_bin_from(i) < size_bin_from(i + 1));
		assert_int_equal(size_bin(size_bin_from(i)), i);
		assert_int_equal(size_bin(size_bin_from(i + 1) - 1), i);
	}
	assert_int_equal(size_bin_from(SIZE_BINS - 1), 1ull << 40);
	assert_int_equal(size_bin(1ull << 40), SIZE_BINS - 1);
	assert_int_equal(size_bin(UINT64_MAX), SIZE_BINS - 1);
	/* No bin is wider than a quarter of what it begins with. */
	for (unsigned int i = SIZE_EXACT; i + 1 < SIZE_BINS; i++)
		assert_true((size_bin_from(i + 1) - size_bin_from(i)) * 4 <= size_bin_from(i));
}

static void alignment_is_the_largest_power_that_divides(void **state)
{
	(void)state;
	for (uintptr_t address = 1; address < 20000; address++) {
		uint64_t of = 1;

		while (of < 64 && !(address % (of * 2)))
			of *= 2;
		if (!(address % 4096))
			of = 4096;
		assert_int_equal(align_of_class(align_class(address)), of);
	}
	assert_int_equal(align_of_class(align_class(0)), 4096);
	for (uint64_t size = 0; size < 10000000; size += 1 + size / 100) {
		unsigned int class = align_size(size);

		assert_true(size >= align_size_from(class));
		assert_true(class + 1 == ALIGN_SIZES || size < align_size_from(class + 1));
	}
}

static void call(struct block *b, unsigned int at, uint16_t module, uint64_t offset, uint64_t size)
{
	struct caller *c = &b->callers[at];

	b->counts.sizes[OP_MEMCPY][size_bin(size)].calls++;
	b->counts.sizes[OP_MEMCPY][size_bin(size)].bytes += size;
	c->address = 1;
	c->module = module;
	c->offset = offset & 0xffffffffffff;
	c->tally.calls++;
	c->tally.bytes += size;
}

/* Two processes; one caller in both, by two entries of one file. */
static void blocks_add_up(void **state)
{
	static const uint32_t same[MODULES] = { 0, 1, 1, 3 };
	struct block *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));
	struct counts shared = { 0 };
	struct totals t = { 0 };

	(void)state;
	*a = (struct block){ .process = 1, .pid = 10, .program = 1, .thread = 1 };
	*b = (struct block){ .process = 2, .pid = 11, .program = 2, .thread = 1 };
	call(a, 5, 1, 0x100, 64);
	call(a, 5, 1, 0x100, 100);
	call(a, 6, 3, 0x100, 1);
	call(b, 700, 2, 0x100, 5000);
	b->others = (struct tally){ 1, 7 };
	b->counts.sizes[OP_MEMMOVE][7] = (struct tally){ 1, 7 };
	shared.sizes[OP_MEMPCPY][size_bin(1 << 20)] = (struct tally){ 2, 2 << 20 };
	assert_int_equal(totals_add(&t, a), 0);
	assert_int_equal(totals_add(&t, b), 0);
	totals_add_shared(&t, &shared);
	totals_sort(&t, same);

	assert_int_equal(counts_sum(&t.counts).calls, 7);
	assert_int_equal(counts_sum(&t.counts).bytes, 64 + 100 + 1 + 5000 + 7 + (2 << 20));
	assert_int_equal(t.ncallers, 2);
	assert_int_equal(t.callers[0].module, 1);
	assert_int_equal(t.callers[0].tally.calls, 3);
	assert_int_equal(t.callers[0].tally.bytes, 5164);
	assert_int_equal(t.callers[1].module, 3);
	assert_int_equal(t.others.calls, 3);
	assert_int_equal(t.others.bytes, 7 + (2 << 20));
	assert_int_equal(t.nprocesses, 2);
	assert_int_equal(t.processes[0].pid, 11);
	assert_int_equal(t.processes[0].program, 1);
	assert_int_equal(t.nthreads, 2);
	totals_free(&t);
	free(a);
	free(b);
}

/* A block that seven threads had one after the other: four are kept, the rest is summed. */
static void threads_of_a_block_add_up(void **state)
{
	static const uint32_t same[MODULES] = { 0 };
	struct block *b = calloc(1, sizeof(*b));
	struct totals t = { 0 };
	uint64_t bytes = 0;

	(void)state;
	*b = (struct block){ .process = 1, .thread = 7, .nended = 6, .before = { 60, 6000 } };
	b->counts.sizes[OP_MEMCPY][size_bin(100)] = (struct tally){ 63, 6300 };
	for (uint32_t i = 0; i < ENDED_KEPT; i++)
		b->ended[i] = (struct ended_thread){ .thread = i + 1, .tally = { 12, 1200 } };
	assert_int_equal(totals_add(&t, b), 0);
	totals_sort(&t, same);
	assert_int_equal(t.nthreads, 5);
	assert_int_equal(t.nmore, 2);
	assert_int_equal(t.more.calls, 12);
	for (size_t i = 0; i < t.nthreads; i++)
		bytes += t.threads[i].tally.bytes;
	assert_int_equal(bytes + t.more.bytes, 6300);
	assert_int_equal(t.threads[4].thread, 7);
	assert_int_equal(t.threads[4].tally.bytes, 300);
	totals_free(&t);
	free(b);
}

static const char good[] =
	"{\"schema\": \"dmabench-profile/1\", \"program\": {\"path\": \"/bin/x\"}, \"run\": "
	"{\"duration_s\": 1, \"cpu_user_s\": 0.5, \"cpu_system_s\": 0}, \"cost\": "
	"{\"ns_per_call\": 3.5}, \"environment\": {\"platform\": \"native\", \"identity\": {}}, "
	"\"calls\": 3, \"bytes\": 20, \"sizes\": [{\"from\": 4, \"to\": 4, \"calls\": 1, "
	"\"bytes\": 4}, {\"from\": 8, \"to\": 9, \"calls\": 2, \"bytes\": 16}]}";

/* The good one with a part of it replaced; why it is refused, "" if it isn't. */
static const char *refused(const char *part, const char *by)
{
	static char why[256];
	char path[] = "/tmp/dmabench-profile.XXXXXX", text[1024];
	const char *at = strstr(good, part);
	int fd = mkstemp(path);
	json_t *json;

	assert_non_null(at);
	assert_true(fd >= 0);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, by, at + strlen(part));
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	*why = '\0';
	json = profile_read(path, why, sizeof(why));
	unlink(path);
	assert_true(json ? !*why : !!*why);
	json_decref(json);
	return why;
}

static void a_profile_that_cant_be_is_refused(void **state)
{
	static const char *const cases[][3] = {
		{ "dmabench-profile/1", "dmabench-profile/2", "another version" },
		{ "dmabench-profile/1", "dmabench-result/1", "not a dmabench-profile/1 file" },
		{ "\"calls\": 3,", "\"calls\": 4,", "don't add up" },
		{ "\"calls\": 3, ", "", "no calls" },
		{ "\"from\": 8", "\"from\": 4", "size 1 is out of order" },
		{ "\"bytes\": 16}", "\"bytes\": 30}", "size 1 is out of order" },
		{ "\"bytes\": 16}", "\"bytes\": -16}", "size 1 lacks" },
		{ "\"calls\": 2,", "\"calls\": 0,", "size 1 is out of order" },
		{ "\"duration_s\": 1", "\"duration_s\": -1", "how long" },
		{ "\"ns_per_call\"", "\"ns\"", "counting" },
		{ "\"identity\": {}", "\"identity\": 1", "machine" },
		{ "\"path\"", "\"file\"", "which program" },
		{ "16}]}", "16", "" /* whatever jansson says of half a file */ },
	};

	(void)state;
	assert_string_equal(refused("native", "native"), "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = refused(cases[i][0], cases[i][1]);

		assert_true(*why);
		assert_non_null(strstr(why, cases[i][2]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bins_are_without_gap_or_overlap),
		cmocka_unit_test(alignment_is_the_largest_power_that_divides),
		cmocka_unit_test(blocks_add_up),
		cmocka_unit_test(threads_of_a_block_add_up),
		cmocka_unit_test(a_profile_that_cant_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

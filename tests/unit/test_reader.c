// SPDX-License-Identifier: GPL-2.0-only
/* Options read from a table, and which word may have been meant. */
#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "options/exit_status.h"
#include "options/reader.h"
#include "text/nearest.h"

struct filled {
	const char *name, *file;
	uint64_t number;
	bool force;
};

static const struct option options[] = {
	{ "--name", "WORD", "a name", option_text, offsetof(struct filled, name), 0 },
	{ "-n", "N", "a number, at most 9\nand more about it", option_number,
	  offsetof(struct filled, number), 9 },
	{ "--force", NULL, "whatever there is", option_flag, offsetof(struct filled, force), 0 },
	{ 0 },
};

static int read_file(void *into, const struct option *option, const char *text)
{
	struct filled *f = into;

	(void)option;
	if (f->file)
		return -EINVAL;
	f->file = text;
	return 0;
}

/* Words apart by blanks; what is said goes to said. */
static int reads(const char *words, bool files, struct filled *f, char *said, size_t len)
{
	static const struct option other = { .help = "one file", .read = read_file };
	static char copy[256];
	char *argv[16] = { (char *)"try" };
	FILE *was = stderr;
	int argc = 1, ret;

	strcpy(copy, words);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	memset(f, 0, sizeof(*f));
	memset(said, 0, len);
	stderr = fmemopen(said, len, "w");
	assert_non_null(stderr);
	ret = options_read("try", options, files ? &other : NULL, f, argc, argv);
	fclose(stderr);
	stderr = was;
	return ret;
}

static void names_values_and_files_in_any_order(void **state)
{
	struct filled f;
	char said[256];

	(void)state;
	assert_int_equal(reads("--name=x= a -n 9 --force", true, &f, said, sizeof(said)), 0);
	assert_string_equal(f.name, "x=");
	assert_string_equal(f.file, "a");
	assert_int_equal(f.number, 9);
	assert_true(f.force);
	assert_int_equal(reads("--name --force", false, &f, said, sizeof(said)), 0);
	assert_string_equal(f.name, "--force");
	assert_false(f.force);
}

static void what_is_wrong_is_one_line_that_names_it(void **state)
{
	static const struct {
		const char *words, *said;
	} wrong[] = {
		{ "--name", "dmabench try: --name \"\": expected WORD: a name\n" },
		{ "--name=", "dmabench try: --name \"\": expected WORD: a name\n" },
		{ "-n 10",
		  "dmabench try: -n \"10\": out of range; expected N: a number, at most 9\n" },
		{ "-n=1",
		  "dmabench try: unknown argument \"-n=1\", is it -n?; see dmabench help try\n" },
		{ "--force=1", "dmabench try: unknown argument \"--force=1\", is it --force?; see "
			       "dmabench help try\n" },
		{ "--nmae=something x",
		  "dmabench try: unknown argument \"--nmae=something\", is it --name?; see "
		  "dmabench help try\n" },
		{ "--colour",
		  "dmabench try: unknown argument \"--colour\"; see dmabench help try\n" },
		{ "a b", "dmabench try: \"b\": expected one file\n" },
	};
	struct filled f;
	char said[256];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(reads(wrong[i].words, true, &f, said, sizeof(said)), EXIT_USAGE);
		assert_string_equal(said, wrong[i].said);
	}
	assert_int_equal(reads("a", false, &f, said, sizeof(said)), EXIT_USAGE);
	assert_string_equal(said, "dmabench try: unknown argument \"a\"; see dmabench help try\n");
}

static void help_has_each_option_once(void **state)
{
	static const struct command command = { .name = "try",
						.usage = "FILE",
						.about = "to try",
						.options = options,
						.after = "end" };
	char text[512] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	(void)state;
	command_help(&command, to);
	fclose(to);
	assert_string_equal(text, "dmabench try FILE: to try\n\n"
				  "  --name WORD  a name\n"
				  "  -n N         a number, at most 9\n"
				  "               and more about it\n"
				  "  --force      whatever there is\n"
				  "\nend\n");
}

static void edits_are_counted(void **state)
{
	static const struct {
		const char *a, *b;
		size_t n;
	} pairs[] = {
		{ "", "", 0 },		{ "", "run", 3 },	 { "run", "run", 0 },
		{ "rnu", "run", 1 },	{ "rum", "run", 1 },	 { "ru", "run", 1 },
		{ "rrun", "run", 1 },	{ "trend", "rtedn", 2 }, { "kitten", "sitting", 3 },
		{ "table", "list", 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_int_equal(edits(pairs[i].a, pairs[i].b), pairs[i].n);
		assert_int_equal(edits(pairs[i].b, pairs[i].a), pairs[i].n);
	}
	/* Longer than any of ours: not looked at, and far from everything. */
	assert_int_equal(edits("a word that is much longer than any there is", "run"), 44);
}

static void only_what_is_near_is_offered(void **state)
{
	const char *near = NULL;
	size_t least = 0;

	(void)state;
	near = nearer("comapre", near, "copy", &least);
	assert_null(near);
	near = nearer("comapre", near, "compare", &least);
	assert_string_equal(near, "compare");
	near = nearer("comapre", near, "table", &least);
	assert_string_equal(near, "compare");
	assert_null(nearer("x", NULL, "-o", &least));
	assert_null(nearer("", NULL, "", &least));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_values_and_files_in_any_order),
		cmocka_unit_test(what_is_wrong_is_one_line_that_names_it),
		cmocka_unit_test(help_has_each_option_once),
		cmocka_unit_test(edits_are_counted),
		cmocka_unit_test(only_what_is_near_is_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

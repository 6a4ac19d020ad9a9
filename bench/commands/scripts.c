// SPDX-License-Identifier: GPL-2.0-only
#include "scripts.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/self.h"
#include "machine/ulimits.h"
#include "options/exit_status.h"

static const struct script scripts[] = {
	{ "bench", "the main job: measure all of it, draw, report" },
	{ "report", "RESULT DIR: what a result says, as a page" },
	{ "plot", "RESULT DIR: its pictures" },
	{ "gate", "did a change make it slower? Measures both and decides" },
	{ "gpu", "what a GPU's copy engines would do" },
	{ "peers", "our CPU copies beside those of perf, mbw and DPDK" },
	{ "vm", "run a command in a QEMU guest that has an IOMMU and the driver" },
	{ "doctor", "why the driver can't be used here, and what helps" },
	{ "tune", "the machine's settings: check, set, reset" },
	{ "setup", "what is missing here, and install it" },
	{ "test", "the tests, in the source tree" },
};

#define SCRIPTS (sizeof(scripts) / sizeof(scripts[0]))

const struct script *script_at(size_t n)
{
	return n < SCRIPTS ? &scripts[n] : NULL;
}

const struct script *script_find(const char *name)
{
	for (size_t i = 0; i < SCRIPTS; i++)
		if (!strcmp(name, scripts[i].name))
			return &scripts[i];
	return NULL;
}

/* scripts/NAME, installed or in the tree. 0 or -errno. */
static int near_here(const char *name, char *path, size_t len)
{
	char installed[64], tree[64];
	const char *const places[] = { installed, tree };

	snprintf(installed, sizeof(installed), "../libexec/dmabench/scripts/%s", name);
	snprintf(tree, sizeof(tree), "../scripts/%s", name);
	return self_near(places, 2, path, len);
}

static int not_here(const char *file)
{
	char path[PATH_MAX];

	if (near_here("lib/common.sh", path, sizeof(path)))
		fprintf(stderr,
			"dmabench: there is no scripts/%s near this program: it is neither "
			"installed (make install) nor in a source tree's build folder\n",
			file);
	else
		fprintf(stderr, "dmabench: scripts/%s is in the source tree alone\n", file);
	return EXIT_USAGE;
}

/* Beside a program in somebody's /tmp anybody may have put one. */
static bool is_strangers(const char *path)
{
	struct stat script, self;

	if (stat(path, &script) || stat("/proc/self/exe", &self))
		return true;
	return script.st_uid && script.st_uid != geteuid() && script.st_uid != self.st_uid;
}

/* By a shell that is told the file: what is mounted noexec can be read all the same. */
static int become(const char *name, char **args)
{
	static const char shell[] = "bash";
	char file[32], path[PATH_MAX];

	snprintf(file, sizeof(file), "%s.sh", name);
	if (near_here(file, path, sizeof(path)))
		return not_here(file);
	if (is_strangers(path)) {
		fprintf(stderr, "dmabench: %s belongs to somebody else than this program\n", path);
		return EXIT_USAGE;
	}
	limits_restore();
	args[0] = (char *)shell;
	args[1] = realpath(path, NULL);
	if (!args[1])
		args[1] = path;
	execvp(shell, args);
	fprintf(stderr, "dmabench: %s: %s\n", shell, strerror(errno));
	return EXIT_USAGE;
}

/* Room for all arguments, the shell, the file, two words more and the end. */
static char **words_for(int argc)
{
	char **args = calloc((size_t)argc + 6, sizeof(*args));

	if (!args)
		fprintf(stderr, "dmabench: %s\n", strerror(ENOMEM));
	return args;
}

int script_run(const char *name, int argc, char **argv)
{
	char **args = words_for(argc);
	int status;

	if (!args)
		return EXIT_INCONCLUSIVE;
	memcpy(args + 2, argv + 1, (size_t)(argc - 1) * sizeof(*args));
	status = become(name, args);
	free(args);
	return status;
}

const struct option page_option_rows[] = {
	{ "--page", "DIR", "a page with pictures in DIR, by the script of that name", option_text,
	  0, 0 },
	{ 0 },
};

int page_wanted(const struct command *command, int argc, char **argv)
{
	if (command->more != page_option_rows)
		return 0;
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (option_row(page_option_rows, argv[i]))
			return i;
	return 0;
}

/* compare.sh takes the folder as --out, and hands on what follows "--". */
static void compare_words(const struct command *command, int argc, char **argv, char *dir,
			  char **to)
{
	*to++ = (char *)"--out";
	*to++ = dir;
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < argc && strcmp(argv[i], "--"); i++) {
			const struct option *row = option_row(command->options, argv[i]);
			int words = row && row->value && !strchr(argv[i], '=') && i + 1 < argc;

			for (int k = i; k <= i + words; k++)
				if (!row == !pass)
					*to++ = argv[k];
			i += words;
		}
		if (!pass)
			*to++ = (char *)"--";
	}
	while (argc && strcmp(*argv, "--"))
		argc--, argv++;
	for (int i = 1; i < argc; i++)
		*to++ = argv[i];
}

int page_run(const struct command *command, int at, int argc, char **argv)
{
	char *dir = strchr(argv[at], '='), **args;
	int words = dir ? 1 : 2, status;

	dir = dir ? dir + 1 : at + 1 < argc ? argv[at + 1] : (char *)"";
	if (!*dir)
		return usage_error(command->name, argv[at], "--page DIR");
	args = words_for(argc);
	if (!args)
		return EXIT_INCONCLUSIVE;
	memmove(argv + at, argv + at + words, (size_t)(argc - at - words) * sizeof(*argv));
	argc -= words;
	if (!strcmp(command->name, "compare")) {
		compare_words(command, argc - 1, argv + 1, dir, args + 2);
	} else {
		memcpy(args + 2, argv + 1, (size_t)(argc - 1) * sizeof(*args));
		args[argc + 1] = dir;
	}
	status = become(command->name, args);
	free(args);
	return status;
}

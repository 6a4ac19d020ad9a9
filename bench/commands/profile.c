// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "machine/ulimits.h"
#include "profile/profile.h"
#include "profile/sweep.h"
#include "result/result.h"
#include "text/escape.h"
#include "text/units.h"
#include "commands.h"

/* As env, nohup and the shells have it. */
#define EXIT_CANT_RUN 126
#define EXIT_NOT_FOUND 127

struct profile_options {
	const char *output;
	bool force;
};

static const struct option options[] = {
	{ "-o", "FILE", "write the profile here (profile.json)", option_text,
	  offsetof(struct profile_options, output), 0 },
	{ "--force", NULL, "overwrite FILE", option_flag, offsetof(struct profile_options, force),
	  0 },
	{ 0 },
};

/* What follows "--" is the program's. NULL after one line: there is none, or wrong options. */
static char **read_arguments(int argc, char **argv, struct profile_options *o)
{
	struct stat st;
	int n = 0;

	*o = (struct profile_options){ .output = "profile.json" };
	while (n < argc && strcmp(argv[n], "--"))
		n++;
	if (options_read("profile", options, NULL, o, n, argv))
		return NULL;
	if (n + 1 >= argc) {
		usage_error("profile", n < argc ? "--" : "", "-- PROGRAM [ARGUMENTS]");
		return NULL;
	}
	if (!o->force && !stat(o->output, &st) && S_ISREG(st.st_mode)) {
		usage_error("profile", o->output, "a new file (or --force)");
		return NULL;
	}
	return argv + n + 1;
}

static int complain(const char *what, const char *why, int status)
{
	fputs("dmabench profile: ", stderr);
	put_plain(stderr, what);
	fprintf(stderr, ": %s\n", why);
	return status;
}

static int no_counters(int err)
{
	char why[160];

	snprintf(why, sizeof(why), "%s%s", strerror(-err), limits_hint(err));
	return complain("counters", why, EXIT_USAGE);
}

static int cant_run(const char *name, int err)
{
	return complain(name, strerror(-err), err == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANT_RUN);
}

/* The program's own. */
static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* On stderr: standard output is the program's. */
static void summarize(const struct profile *p, const char *output)
{
	struct tally sum = counts_sum(&p->totals.counts);
	double cpu = (double)(p->spawned->user_ns + p->spawned->system_ns);
	double own = p->cost->ns * (double)sum.calls;
	char bytes[UNIT_TEXT], time[UNIT_TEXT], share[UNIT_TEXT];

	fprintf(stderr, "dmabench profile: %llu copies, %s", (unsigned long long)sum.calls,
		unit_decimal((double)sum.bytes, bytes));
	fprintf(stderr, ", by %u processes and %llu threads; written to ",
		p->counters->region->processes,
		(unsigned long long)(p->totals.nthreads + p->totals.nmore));
	put_plain(stderr, output);
	fprintf(stderr, "\ndmabench profile: counting took about %.1f ns a call, %s in all",
		p->cost->ns, unit_duration(own, time));
	if (cpu > 0)
		fprintf(stderr, " (%s of the CPU time)", unit_percent(own / cpu, share));
	fputs("; static programs and copies that the compiler put in place can't be seen\n",
	      stderr);
	if (p->in_use)
		fputs("dmabench profile: it left processes behind, and what those copy from now on "
		      "isn't in it\n",
		      stderr);
}

/* The program ran: its status, unless that says nothing of what is missing. */
static int report(struct profile *p, int ret, const char *output)
{
	int status = status_of(p->spawned->status);
	json_t *json;

	if (!ret)
		ret = profile_collect(p);
	if (ret)
		return no_counters(ret);
	if (!p->counters->region->images)
		return complain(p->argv[0],
				"the library wasn't loaded into it: nothing was seen, and no "
				"profile is written",
				status ? status : EXIT_INCONCLUSIVE);
	json = profile_json(p);
	ret = json ? result_write(json, output) : -ENOMEM;
	json_decref(json);
	if (ret) {
		fprintf(stderr, "dmabench profile: writing ");
		put_plain(stderr, output);
		fprintf(stderr, ": %s%s (the program ended with status %d)\n", strerror(-ret),
			limits_hint(ret), status);
		return EXIT_USAGE;
	}
	summarize(p, output);
	return status;
}

struct sweeping {
	struct sweep sweep;
	int ret;
};

static void sweep_now(void *arg)
{
	struct sweeping *s = arg;

	if (!s->ret)
		s->ret = sweep(&s->sweep);
}

static int profile(struct profile *p, const char *library, const char *output)
{
	static struct counters counters;
	static struct spawned spawned;
	struct sweeping sweeping = { .sweep = { &counters, &p->totals, 0 } };
	struct ticker ticker = { sweep_now, &sweeping };
	int ret = counters_open(&counters);

	if (ret)
		return no_counters(ret);
	p->counters = &counters;
	p->spawned = &spawned;
	p->start = time(NULL);
	ret = spawn(p->program, p->argv, &counters, library, &ticker, &spawned);
	if (ret)
		ret = cant_run(p->argv[0], ret);
	else
		ret = report(p, sweeping.ret, output);
	totals_free(&p->totals);
	counters_close(&counters);
	return ret;
}

static int cmd_profile(int argc, char **argv)
{
	static struct program program;
	static struct profile p = { .program = &program };
	struct profile_options o;
	struct cost cost;
	char library[4096], why[160];
	int ret;

	p.argv = read_arguments(argc, argv, &o);
	if (!p.argv)
		return EXIT_USAGE;
	ret = program_find(p.argv[0], &program);
	if (ret)
		return cant_run(p.argv[0], ret);
	if (program_check(&program, why, sizeof(why)))
		return complain(p.argv[0], why, EXIT_INCONCLUSIVE);
	ret = library_find(library, sizeof(library));
	if (ret)
		return complain("libdmabench-profile.so",
				"it is neither beside dmabench nor in "
				"../lib/dmabench; run make",
				EXIT_USAGE);
	ret = cost_measure(library, &cost);
	if (ret == -ENOEXEC || ret == -EBADE)
		return complain(library, "it can't be loaded, or doesn't count", EXIT_USAGE);
	if (ret)
		return no_counters(ret);
	p.cost = &cost;
	return profile(&p, library, o.output);
}

const struct command command_profile = {
	.name = "profile",
	.what = "which copies does a program make? -o FILE -- PROGRAM ARGUMENTS",
	.usage = "[OPTIONS] -- PROGRAM [ARGUMENTS]",
	.about =
		"run PROGRAM and count its calls of memcpy,\nmemmove and mempcpy by size, "
		"alignment, thread and caller, those of its children and of\nwhat they start, too. "
		"docs/profile.md says what can't be seen. For dmabench advise.",
	.options = options,
	.after = "Exit status: PROGRAM's, 128 and its number if a signal ended it; 127 it isn't "
		 "there, 126 it\ncan't be run; 2 usage, or a profile that can't be written; 3 "
		 "nothing of it can be seen.",
	.run = cmd_profile,
};

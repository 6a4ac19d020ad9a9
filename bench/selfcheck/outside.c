// SPDX-License-Identifier: GPL-2.0-only
/*
 * The harness beside hyperfine: the same copies in a process of their own, timed from
 * outside. Both sides are fresh processes on the same CPU with the same kind of buffers,
 * turn by turn in random order, and of both the mean over a process counts: a stall in a
 * process is in what hyperfine sees, so it must be in the harness's figure as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paths/path.h"
#include "statistics/rng.h"
#include "statistics/stats.h"
#include "text/parse.h"
#include "text/units.h"
#include "selfcheck.h"

#define MS 1000000ull
/* Copies of a process take this long together, so that its start is a small part. */
#define WORK_NS (300 * MS)
#define TOLERANCE 5 /* percent */

static const uint64_t sizes[] = { 64ull << 10, 1ull << 20, 16ull << 20 };

/* As hyperfine's reader of words, and any shell, takes it for one. */
static void quote(const char *word, char *to, size_t len)
{
	size_t used = 0;

	for (; *word && used + 8 < len; word++) {
		if (*word == '\'')
			used += (size_t)snprintf(to + used, len - used, "'\\''");
		else
			to[used++] = *word;
	}
	to[used] = '\0';
}

static void hyperfine_process(int report, uint64_t size, uint64_t count, pid_t parent)
{
	char exe[PATH_MAX], quoted[4 * PATH_MAX], command[5 * PATH_MAX], export[32];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || len < 0 || null < 0)
		_exit(126);
	exe[len] = '\0';
	quote(exe, quoted, sizeof(quoted));
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	snprintf(export, sizeof(export), "/proc/self/fd/%d", report);
	snprintf(command, sizeof(command), "'%s' copy --path memcpy --size %llu --count %llu",
		 quoted, (unsigned long long)size, (unsigned long long)count);
	execlp("hyperfine", "hyperfine", "-N", "--style", "none", "--warmup", "0", "--runs", "1",
	       "--export-json", export, command, NULL);
	_exit(errno == ENOENT ? 127 : 126);
}

/* Seconds that hyperfine says one process of count copies took; 0 or -errno. */
static int time_process(struct selfcheck *s, uint64_t size, uint64_t count, double *seconds)
{
	int report = memfd_create("hyperfine", 0), status = 0, ret = 0;
	pid_t parent = getpid(), pid;
	json_t *json, *first;

	if (report < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		hyperfine_process(report, size, count, parent);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (*s->stop)
			kill(pid, SIGTERM);
	json = json_loadfd(report, 0, NULL);
	first = json_array_get(json_object_get(json, "results"), 0);
	*seconds = json_real_value(json_object_get(first, "median"));
	if (*s->stop)
		ret = -EINTR;
	else if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) || !(*seconds > 0))
		ret = WIFEXITED(status) && WEXITSTATUS(status) == 127 ? -ENOENT : -EIO;
	json_decref(json);
	close(report);
	return ret;
}

/* One sample as long as a process works: poisoned once and checked once, as a process is. -EBADMSG: there is none, and c says why. */
static int time_launch(struct selfcheck *s, uint64_t size, double *ns, struct check *c)
{
	const struct measure_config config = { .samples = 1,
					       .sample_ns = WORK_NS,
					       .budget_ns = 4 * WORK_NS };
	static struct launch_result r;
	int ret = selfcheck_launch(s, path_find("memcpy"), size, config, &r);

	if (ret)
		return ret;
	if (r.status != LAUNCH_OK) {
		snprintf(c->detail, sizeof(c->detail), "the harness has no figure: %.250s",
			 r.reason);
		return -EBADMSG;
	}
	*ns = r.sample_ns_per_op[0];
	return 0;
}

/* What one turn takes: processes of count copies and of none, and a launch. */
struct turn {
	double full, empty, launch;
};

static int one_turn(struct selfcheck *s, uint64_t size, uint64_t count, struct turn *t,
		    struct check *c)
{
	size_t first = rng_below(&s->rng, 3);
	int ret = 0;

	for (size_t i = 0; i < 3 && !ret; i++) {
		switch ((i + first) % 3) {
		case 0:
			ret = time_process(s, size, count, &t->full);
			break;
		case 1:
			ret = time_process(s, size, 0, &t->empty);
			break;
		default:
			ret = time_launch(s, size, &t->launch, c);
		}
	}
	return ret;
}

static void judge(struct check *c, const struct turn *turns, unsigned int n, uint64_t count)
{
	double v[SELFCHECK_MAX_LAUNCHES], start, launch, process;
	char outside[UNIT_TEXT], harness[UNIT_TEXT], begin[UNIT_TEXT];

	for (unsigned int i = 0; i < n; i++)
		v[i] = turns[i].empty;
	start = stats_median(v, n);
	for (unsigned int i = 0; i < n; i++)
		v[i] = turns[i].launch;
	launch = stats_median(v, n);
	for (unsigned int i = 0; i < n; i++)
		v[i] = (turns[i].full - start) * 1e9 / (double)count;
	process = stats_median(v, n);
	for (unsigned int i = 0; i < n; i++)
		v[i] = 100 * ((turns[i].full - start) * 1e9 / (double)count / turns[i].launch - 1);
	check_judge(c, v, n);
	snprintf(c->detail, sizeof(c->detail),
		 "hyperfine %s, harness %s per copy, %u turns; a process makes %llu copies, its "
		 "start of %s is subtracted",
		 unit_duration(process, outside), unit_duration(launch, harness), n,
		 (unsigned long long)count, unit_duration(start * 1e9, begin));
}

static int measure_outside(struct selfcheck *s, struct check *c, const void *of)
{
	struct turn turns[SELFCHECK_MAX_LAUNCHES];
	uint64_t size = *(const uint64_t *)of, count = 0;
	double ns = 0;
	int ret = time_launch(s, size, &ns, c);

	if (!ret)
		count = (uint64_t)(WORK_NS / ns) + 1;
	for (unsigned int i = 0; i < s->launches && !ret; i++)
		ret = one_turn(s, size, count, &turns[i], c);
	if (ret == -EINTR)
		return ret;
	c->verdict = CHECK_UNDECIDED;
	if (!ret)
		judge(c, turns, s->launches, count);
	else if (ret == -ENOENT)
		snprintf(c->detail, sizeof(c->detail), "hyperfine is not installed");
	else if (ret == -EIO)
		snprintf(c->detail, sizeof(c->detail), "hyperfine gave no figure");
	else if (ret != -EBADMSG)
		snprintf(c->detail, sizeof(c->detail), "it could not be timed: %s", strerror(-ret));
	return 0;
}

static int compare(struct selfcheck *s, uint64_t size)
{
	struct check c = { .unit = "%", .tolerance = TOLERANCE };
	char name[48], text[32];

	snprintf(name, sizeof(name), "outside-%s", format_size(size, text, sizeof(text)));
	c.name = name;
	snprintf(c.what, sizeof(c.what),
		 "hyperfine and the harness see the same time of a memcpy of %s", text);
	return selfcheck_measured(s, &c, measure_outside, &size);
}

int selfcheck_outside(struct selfcheck *s)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int ret = compare(s, sizes[i]);

		if (ret)
			return ret;
	}
	return 0;
}

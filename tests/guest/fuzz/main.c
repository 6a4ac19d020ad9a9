// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz --seed S --calls N [--threads T] [--processes P] [--driver dmabench_sim]
 *      [--unbind] [--trace] [--minimise]
 *
 * Says TAP. The same seed makes the same calls; with one thread and one process also in
 * the same order, and only so they can be minimised.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "levels.h"

static const char *const names[OPS] = {
	"open",		 "close",	   "INFO",	 "ENGINE_INFO", "ENGINE_OPEN",
	"BUFFER_CREATE", "BUFFER_DESTROY", "COPY",	 "BATCH",	"io_uring",
	"pread",	 "pwrite",	   "mmap",	 "memory",	"store",
	"fork",		 "kill",	   "no command", "shared",	"BUFFER_SYNC",
};

struct options {
	unsigned long calls;
	unsigned int threads, processes;
	bool minimise, unbind;
};

/* What all processes add to. */
struct sums {
	uint64_t calls[OPS], good[OPS], lost;
	unsigned int ended; /* workers that ended well */
};

struct job {
	struct world *world;
	unsigned int index, workers;
	unsigned long calls;
	struct sums *sums;
};

static void on_alarm(int sig)
{
	(void)sig;
}

static void *work(void *param)
{
	struct job *job = param;
	struct worker *w = aligned_alloc(PAGE, (sizeof(*w) + PAGE - 1) & ~(PAGE - 1));
	unsigned long i;
	unsigned int op;
	bool ok = true;

	worker_init(w, job->world, job->index, job->workers);
	for (i = 0; i < job->calls && ok; i++) {
		struct call c = generate(&w->rng);

		ok = worker_call(w, &c);
	}
	ok = worker_end(w) && ok;
	for (op = 0; op < OPS; op++) {
		__atomic_add_fetch(&job->sums->calls[op], w->calls[op], __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&job->sums->good[op], w->good[op], __ATOMIC_SEQ_CST);
	}
	__atomic_add_fetch(&job->sums->lost, w->lost, __ATOMIC_SEQ_CST);
	if (ok)
		__atomic_add_fetch(&job->sums->ended, 1, __ATOMIC_SEQ_CST);
	free(w);
	return NULL;
}

static void process(struct world *world, const struct options *o, unsigned int number,
		    struct sums *sums)
{
	pthread_t thread[64];
	struct job job[64];
	unsigned int i;

	if (!world_shared(world))
		_exit(2);
	for (i = 0; i < o->threads; i++) {
		unsigned int workers = o->threads * o->processes;

		job[i] = (struct job){ world, number * o->threads + i, workers, o->calls / workers,
				       sums };
		if (pthread_create(&thread[i], NULL, work, &job[i]))
			_exit(2);
	}
	for (i = 0; i < o->threads; i++)
		pthread_join(thread[i], NULL);
	world_close(world);
	_exit(0);
}

static bool run_all(struct world *world, const struct options *o, struct sums *sums)
{
	pid_t pid[64];
	unsigned int i;
	bool ok = true;
	int status;

	for (i = 0; i < o->processes; i++) {
		pid[i] = fork();
		if (!pid[i])
			process(world, o, i, sums);
		ok = ok && pid[i] > 0;
	}
	for (i = 0; i < o->processes; i++)
		ok = waitpid(pid[i], &status, 0) == pid[i] && !status && ok;
	return ok && sums->ended == o->threads * o->processes;
}

/* A run that hardly did anything proves nothing. */
static bool did_much(const struct sums *sums, unsigned long calls, bool unbind)
{
	bool ok = true;
	unsigned int op;

	for (op = 0; op < OPS; op++) {
		printf("# %-15s %8llu calls, %8llu successful\n", names[op],
		       (unsigned long long)sums->calls[op], (unsigned long long)sums->good[op]);
		if (op == OP_ASYNC && !async_built()) {
			printf("# built without liburing: copies were made by COPY instead\n");
			continue;
		}
		/*
		 * Of a device that comes and goes most kinds succeed seldom, on a slow machine
		 * never: they are made. None maps what may go.
		 */
		if (calls >= 5000 && op != OP_FORK && !(unbind && op == OP_MMAP) &&
		    !(unbind ? sums->calls[op] : sums->good[op]))
			ok = false;
	}
	if (unbind)
		printf("# ENODEV        %8llu times\n", (unsigned long long)sums->lost);
	return ok && (unbind ? sums->lost && sums->good[OP_COPY]
			     : sums->good[OP_COPY] * 4 >= sums->calls[OP_COPY]);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static int fuzz(struct world *world, const struct options *o)
{
	struct sums *sums = mmap(NULL, sizeof(*sums), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct levels before = levels_now();
	double start = now();
	bool right, much, back;

	world->pins = before.pins;
	if (o->unbind && !unbind_start(world))
		return 2;
	right = run_all(world, o, sums);
	if (o->unbind)
		right = unbind_stop(world) && right;
	printf("# %lu calls in %.1f s of this machine\n", o->calls, now() - start);
	printf("%sok 1 - %s: %lu calls of seed %llu by %u threads in %u processes: each result and "
	       "byte "
	       "as predicted\n",
	       right ? "" : "not ", world->driver, o->calls, (unsigned long long)world->seed,
	       o->threads, o->processes);
	much = did_much(sums, o->calls, o->unbind);
	printf("%sok 2 - %s: every kind of call was made%s\n", much ? "" : "not ", world->driver,
	       o->unbind ? ", and copies succeeded" : ", and succeeded");
	back = levels_back(&before);
	printf("%sok 3 - %s: no pin, charge or mapping is left\n1..3\n", back ? "" : "not ",
	       world->driver);
	return !(right && much && back);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || *end || end == text || *text == '-') {
		fprintf(stderr, "fuzz: %s isn't a number\n", text);
		exit(2);
	}
	return value;
}

static void read_options(int argc, char **argv, struct world *world, struct options *o)
{
	static const struct option list[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "calls", required_argument, NULL, 'c' },
		{ "threads", required_argument, NULL, 't' },
		{ "processes", required_argument, NULL, 'p' },
		{ "driver", required_argument, NULL, 'd' },
		{ "unbind", no_argument, NULL, 'u' },
		{ "trace", no_argument, NULL, 'v' },
		{ "minimise", no_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	int got;

	while ((got = getopt_long(argc, argv, "", list, NULL)) >= 0) {
		switch (got) {
		case 's':
			world->seed = number(optarg);
			break;
		case 'c':
			o->calls = number(optarg);
			break;
		case 't':
			o->threads = (unsigned int)number(optarg);
			break;
		case 'p':
			o->processes = (unsigned int)number(optarg);
			break;
		case 'd':
			world->driver = optarg;
			break;
		case 'v':
			world->trace = true;
			break;
		case 'u':
			o->unbind = true;
			break;
		case 'm':
			o->minimise = true;
			break;
		default:
			exit(2);
		}
	}
	if (!o->calls || !o->threads || !o->processes || o->threads > 64 || o->processes > 64 ||
	    optind != argc) {
		fprintf(stderr, "fuzz: calls, and 1 to 64 threads and processes\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct world world = { .driver = "dmabench_sim", .seed = 1 };
	struct options o = { .calls = 10000, .threads = 1, .processes = 1 };
	struct sigaction action = { .sa_handler = on_alarm };

	setvbuf(stdout, NULL, _IOLBF, 0);
	read_options(argc, argv, &world, &o);
	sigaction(SIGALRM, &action, NULL);
	if (!world_open(&world)) {
		printf("not ok 1 - the fuzzer finds an engine of %s\n1..1\n", world.driver);
		return 1;
	}
	return o.minimise ? minimise(&world, o.calls) : fuzz(&world, &o);
}

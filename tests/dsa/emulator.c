// SPDX-License-Identifier: GPL-2.0-only
/*
 * emulator FOLDER [FAULT]... -- COMMAND...: run it while the FIFOs and the files of 4096 bytes in
 * FOLDER are work queues of a DSA device that isn't there. What comes out of them are descriptors;
 * the bytes of whoever wrote them are moved by process_vm_readv and process_vm_writev, which
 * the kernel allows on one's own children. Exit status: COMMAND's. What was done is in FOLDER/log.
 *
 *   fault-every=N  a copy of more than N bytes stops there by a page fault
 *   fault-at=N     a copy that is longer than N bytes does, but not what is left of it
 *   zero=N         N faults in a row before the first byte
 *   write          faults are at the destination
 *   backwards      copies go from their end
 *   lie            a fault says that all bytes are copied
 *   status=S@N     the Nth copy ends with status S, and nothing is copied
 *   never=N        the Nth copy never ends
 *   late=MS@N      the Nth copy is made and ends so much later
 *   short=N        from the Nth on copies lack their last byte, and say success
 *   list-fails=N   the Nth copy of each list stops by a page fault, half done
 *   list-faults=N  a list isn't read beyond its Nth
 *   list-silent    a list fails, and none of its copies says why
 *   gone=N         the queues vanish with the Nth descriptor
 *   hold=MS        descriptors are collected for so long before the first of them is done
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"

#define MOST_QUEUES 8
#define SLOTS 64

struct queue {
	struct stat st;
	int fd;			  /* of a FIFO */
	struct dsa_hw_desc *page; /* of a portal */
};

static struct queue queues[MOST_QUEUES];
static size_t nqueues;

static void give_up(const char *what)
{
	perror(what);
	exit(125);
}

/* --- queues ---------------------------------------------------------------- */

static void open_queues(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	char path[4096];

	if (!dir)
		give_up(folder);
	while ((e = readdir(dir)) && nqueues < MOST_QUEUES) {
		struct queue *q = &queues[nqueues];

		if (strncmp(e->d_name, "wq", 2))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (stat(path, &q->st))
			give_up(path);
		q->fd = open(path, S_ISFIFO(q->st.st_mode) ? O_RDONLY | O_NONBLOCK | O_CLOEXEC
							   : O_RDWR | O_CLOEXEC);
		if (q->fd < 0)
			give_up(path);
		nqueues++;
		if (S_ISFIFO(q->st.st_mode))
			continue;
		q->page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, q->fd, 0);
		if (q->page == MAP_FAILED)
			give_up(path);
		close(q->fd);
		q->fd = -1;
	}
	closedir(dir);
}

/* What is there now. How many. */
static size_t take(struct queue *q, struct dsa_hw_desc *to, size_t max)
{
	size_t n = 0;

	if (!q->page) {
		ssize_t got = q->fd < 0 ? 0 : read(q->fd, to, max * sizeof(*to));

		return got > 0 ? (size_t)got / sizeof(*to) : 0;
	}
	for (int i = 0; i < SLOTS && n < max; i++) {
		if (!__atomic_load_n((uint64_t *)&q->page[i], __ATOMIC_ACQUIRE))
			continue;
		to[n++] = q->page[i];
		memset(&q->page[i], 0, sizeof(*to));
	}
	return n;
}

static void vanish(void)
{
	for (size_t i = 0; i < nqueues; i++) {
		if (queues[i].fd >= 0)
			close(queues[i].fd);
		queues[i].fd = -1;
	}
}

static size_t serve(struct queue *q)
{
	static struct dsa_hw_desc held[HELD];
	static unsigned long all;
	size_t n = take(q, held, HELD);

	for (unsigned long ms = 0; n && ms < faults.hold_ms; ms++) {
		sleep_ms(1);
		n += take(q, held + n, HELD - n);
	}
	if (n > did.most)
		did.most = n;
	for (size_t i = 0; i < n; i++) {
		/* Before its record is there: what is written then finds nobody. */
		if (++all == faults.gone)
			vanish();
		if (!faults.gone || all <= faults.gone)
			perform(&q->st, &held[i]);
	}
	return n;
}

static int serve_until(pid_t child)
{
	for (;;) {
		struct timespec pause = { 0, 20000 };
		size_t n = 0;
		int status;

		for (size_t i = 0; i < nqueues; i++)
			n += serve(&queues[i]);
		if (n)
			continue;
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		nanosleep(&pause, NULL);
	}
}

/* --- the command line ------------------------------------------------------ */

static bool number(const char *text, const char *name, unsigned long *value, unsigned long *at)
{
	size_t len = strlen(name);
	char *end;

	if (strncmp(text, name, len) || text[len] != '=')
		return false;
	*value = strtoul(text + len + 1, &end, 0);
	if (at && *end == '@')
		*at = strtoul(end + 1, &end, 0);
	return !*end;
}

static bool read_fault(const char *text)
{
	if (number(text, "fault-at", &faults.fault_at, NULL))
		return faults.has_fault_at = true;
	if (!strcmp(text, "write"))
		return faults.write = true;
	if (!strcmp(text, "backwards"))
		return faults.backwards = true;
	if (!strcmp(text, "lie"))
		return faults.lie = true;
	if (!strcmp(text, "list-silent"))
		return faults.list_silent = true;
	return number(text, "fault-every", &faults.fault_every, NULL) ||
	       number(text, "zero", &faults.zero, NULL) ||
	       number(text, "status", &faults.status, &faults.status_at) ||
	       number(text, "never", &faults.never, NULL) ||
	       number(text, "late", &faults.late_ms, &faults.late_at) ||
	       number(text, "short", &faults.short_at, NULL) ||
	       number(text, "list-fails", &faults.list_fails, NULL) ||
	       number(text, "list-faults", &faults.list_faults, NULL) ||
	       number(text, "gone", &faults.gone, NULL) ||
	       number(text, "hold", &faults.hold_ms, NULL);
}

static void write_log(const char *folder)
{
	char path[4096];
	FILE *log;

	snprintf(path, sizeof(path), "%s/log", folder);
	log = fopen(path, "w");
	if (!log)
		give_up(path);
	fprintf(log, "copies %lu\nlists %lu\nfaults %lu\nmost %lu\nresumed %lu\n", did.copies,
		did.lists, did.faults, did.most, did.resumed);
	fprintf(log, "late_written %lu\nlate_lost %lu\nwith_cc %lu\nwith_bof %lu\n",
		did.late_written, did.late_lost, did.with_cc, did.with_bof);
	fprintf(log, "largest %lu\nlongest_list %lu\n", did.largest, did.longest_list);
	fclose(log);
}

int main(int argc, char **argv)
{
	int at = 2, status;
	pid_t child;

	for (; at < argc && strcmp(argv[at], "--"); at++)
		if (!read_fault(argv[at])) {
			fprintf(stderr, "emulator: no such fault: %s\n", argv[at]);
			return 125;
		}
	if (at + 1 >= argc) {
		fprintf(stderr, "usage: emulator FOLDER [FAULT]... -- COMMAND...\n");
		return 125;
	}
	open_queues(argv[1]);
	child = fork();
	if (!child) {
		execvp(argv[at + 1], argv + at + 1);
		perror(argv[at + 1]);
		_exit(127);
	}
	if (child < 0)
		give_up("fork");
	status = serve_until(child);
	write_log(argv[1]);
	return status;
}

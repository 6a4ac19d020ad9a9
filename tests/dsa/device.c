// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct faults faults;
struct done did;

void sleep_ms(unsigned long ms)
{
	struct timespec t = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

/* --- whose descriptor is it? ----------------------------------------------- */

static bool has_open(const char *pid, const struct stat *st)
{
	char path[300];
	bool found = false;
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (e = readdir(dir))) {
		struct stat other;

		snprintf(path, sizeof(path), "/proc/%s/fd/%.40s", pid, e->d_name);
		found = !stat(path, &other) && other.st_ino == st->st_ino &&
			other.st_dev == st->st_dev;
	}
	if (dir)
		closedir(dir);
	return found;
}

static bool reads(pid_t pid, uint64_t at, void *to, size_t len)
{
	struct iovec here = { to, len }, there = { (void *)(uintptr_t)at, len };

	return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)len;
}

static bool writes(pid_t pid, uint64_t at, const void *from, size_t len)
{
	struct iovec here = { (void *)(uintptr_t)from, len },
		     there = { (void *)(uintptr_t)at, len };

	return process_vm_writev(pid, &here, 1, &there, 1, 0) == (ssize_t)len;
}

/* The process that has the queue open and a record where the descriptor says. */
static pid_t owner(const struct stat *node, const struct dsa_hw_desc *d)
{
	static pid_t last;
	struct dsa_completion_record record;
	struct dirent *e;
	pid_t found = 0;
	char text[32];
	DIR *proc;

	snprintf(text, sizeof(text), "%d", last);
	if (last && has_open(text, node) && reads(last, d->completion_addr, &record, 32))
		return last;
	proc = opendir("/proc");
	while (proc && !found && (e = readdir(proc))) {
		pid_t pid = atoi(e->d_name);

		if (pid > 0 && pid != getpid() && has_open(e->d_name, node) &&
		    reads(pid, d->completion_addr, &record, 32) && !record.status)
			found = pid;
	}
	if (proc)
		closedir(proc);
	last = found;
	return found;
}

/* --- what a device does ---------------------------------------------------- */

struct outcome {
	uint8_t status, result;
	uint32_t completed;
	uint64_t fault;
};

/* The status last: whoever sees it sees all. */
static bool tell(pid_t pid, uint64_t at, const struct outcome *o)
{
	struct dsa_completion_record r = { .result = o->result,
					   .bytes_completed = o->completed,
					   .fault_addr = o->fault };

	return writes(pid, at + 1, (uint8_t *)&r + 1, 31) && writes(pid, at, &o->status, 1);
}

/* So many bytes of a copy, from the end it goes from; how many went. */
static uint32_t move(pid_t pid, const struct dsa_hw_desc *d, uint32_t n)
{
	static uint8_t bytes[1 << 20];
	uint64_t skip = faults.backwards ? d->xfer_size - n : 0;
	uint32_t done = 0;

	while (done < n) {
		uint32_t part = n - done < sizeof(bytes) ? n - done : (uint32_t)sizeof(bytes);

		if (!reads(pid, d->src_addr + skip + done, bytes, part) ||
		    !writes(pid, d->dst_addr + skip + done, bytes, part))
			break;
		done += part;
	}
	return done;
}

static struct outcome fault_after(pid_t pid, const struct dsa_hw_desc *d, uint32_t n)
{
	uint64_t at = faults.write ? d->dst_addr : d->src_addr;
	struct outcome o = { .status = DSA_COMP_PAGE_FAULT_NOBOF,
			     .result = faults.backwards,
			     .completed = move(pid, d, n) };

	did.faults++;
	o.fault = faults.backwards ? at + d->xfer_size - 1 - n : at + n;
	if (faults.write)
		o.status |= DSA_COMP_STATUS_WRITE;
	if (faults.lie)
		o.completed = d->xfer_size;
	return o;
}

/* What is left of a copy that was stopped, which ends where that did. */
static uint64_t stopped[HELD];

static void stop(const struct dsa_hw_desc *d)
{
	int i = 0;

	while (stopped[i])
		i++;
	stopped[i] = d->src_addr + d->xfer_size;
}

static bool is_rest(const struct dsa_hw_desc *d)
{
	for (int i = 0; i < HELD; i++)
		if (stopped[i] == d->src_addr + d->xfer_size) {
			stopped[i] = 0;
			return true;
		}
	return false;
}

static struct outcome copy(pid_t pid, const struct dsa_hw_desc *d, unsigned long nth)
{
	struct outcome o = { .status = DSA_COMP_SUCCESS };
	bool rest = is_rest(d);

	if (d->xfer_size > did.largest)
		did.largest = d->xfer_size;
	did.with_cc += d->flags & IDXD_OP_FLAG_CC ? 1 : 0;
	did.with_bof += d->flags & IDXD_OP_FLAG_BOF ? 1 : 0;
	did.resumed += rest;
	if (faults.status && nth == faults.status_at) {
		o.status = (uint8_t)faults.status;
		return o;
	}
	if (faults.zero) {
		faults.zero--;
		return fault_after(pid, d, 0);
	}
	if (faults.fault_every && d->xfer_size > faults.fault_every)
		return fault_after(pid, d, (uint32_t)faults.fault_every);
	if (faults.has_fault_at && d->xfer_size > faults.fault_at && !rest) {
		stop(d);
		return fault_after(pid, d, (uint32_t)faults.fault_at);
	}
	if (move(pid, d, d->xfer_size - (faults.short_at && nth >= faults.short_at)) <
	    d->xfer_size - 1)
		o.status = DSA_COMP_TRANSLATION_FAIL;
	return o;
}

static void later(pid_t pid, const struct dsa_hw_desc *d, unsigned long ms)
{
	struct outcome o = { .status = DSA_COMP_SUCCESS };

	sleep_ms(ms);
	if (move(pid, d, d->xfer_size) == d->xfer_size && tell(pid, d->completion_addr, &o))
		did.late_written++;
	else
		did.late_lost++;
}

/* One copy, of a list or not; false: it failed. */
static bool one(pid_t pid, const struct dsa_hw_desc *d, bool fails)
{
	unsigned long nth = ++did.copies;
	struct outcome o;

	if (nth == faults.never)
		return true;
	if (nth == faults.late_at) {
		later(pid, d, faults.late_ms);
		return true;
	}
	o = fails ? fault_after(pid, d, d->xfer_size / 2) : copy(pid, d, nth);
	if (faults.list_silent && fails)
		return false;
	/* Without RCR only a failure is told. */
	if (d->flags & IDXD_OP_FLAG_RCR || o.status != DSA_COMP_SUCCESS)
		tell(pid, d->completion_addr, &o);
	return o.status == DSA_COMP_SUCCESS;
}

static void list(pid_t pid, const struct dsa_hw_desc *d)
{
	struct outcome o = { .status = DSA_COMP_SUCCESS };
	bool never = false;

	did.lists++;
	if (d->desc_count > did.longest_list)
		did.longest_list = d->desc_count;
	for (uint32_t i = 0; i < d->desc_count; i++) {
		struct dsa_hw_desc each;

		if (faults.list_faults && i == faults.list_faults) {
			o.status = DSA_COMP_BATCH_PAGE_FAULT;
			break;
		}
		if (!reads(pid, d->desc_list_addr + i * sizeof(each), &each, sizeof(each)) ||
		    !one(pid, &each, faults.list_silent || i + 1 == faults.list_fails))
			o.status = DSA_COMP_BATCH_FAIL;
		never |= did.copies == faults.never;
		o.completed++;
	}
	if (!never)
		tell(pid, d->completion_addr, &o);
}

void perform(const struct stat *node, const struct dsa_hw_desc *d)
{
	pid_t pid = owner(node, d);

	if (!pid)
		fprintf(stderr, "emulator: a descriptor of nobody\n");
	else if (d->opcode == DSA_OPCODE_BATCH)
		list(pid, d);
	else
		one(pid, d, false);
}

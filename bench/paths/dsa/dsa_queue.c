// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/clock.h"
#include "machine/pause.h"
#include "dsa_cpu.h"
#include "dsa_place.h"

#define PORTAL_BYTES 4096
#define DESCRIPTOR_BYTES sizeof(struct dsa_hw_desc)
#define SLOTS (PORTAL_BYTES / DESCRIPTOR_BYTES)
/* Tries between two looks at the clock. */
#define TRIES 256

const char *const dsa_way_names[] = { "movdir64b", "enqcmd", "write" };

static const char *open_text(int err)
{
	switch (err) {
	case ENOENT:
		return "there is no such node";
	case EACCES:
		return "no right to open it (its owner and mode)";
	case EPERM:
		return "not permitted: not even by its mode";
	case EBUSY:
		return "in use: a dedicated queue is one process's";
	case ENXIO:
	case ENODEV:
		return "the queue is gone";
	case EOPNOTSUPP:
	case EINVAL:
		return "no shared virtual memory (SVM) for this process";
	default:
		return strerror(err);
	}
}

/* A stand-in may be a FIFO, which is written to alone and takes as much as its reader left room. */
static int open_node(const char *name)
{
	char path[512];
	struct stat st;
	int flags = O_RDWR | O_CLOEXEC;

	snprintf(path, sizeof(path), "%s/%s", dsa_devices(), name);
	if (dsa_stand_in() && !stat(path, &st) && S_ISFIFO(st.st_mode))
		flags = O_WRONLY | O_NONBLOCK | O_CLOEXEC;
	return open(path, flags);
}

static int refuse(char *why, size_t len, int err, const char *name, const char *what,
		  const char *because)
{
	snprintf(why, len, "%s/%s: %s%s", dsa_devices(), name, what, because);
	return -err;
}

/* 0, or -errno: it may not be mapped. */
static int map_portal(struct dsa_queue *q)
{
	void *portal = mmap(NULL, PORTAL_BYTES, PROT_WRITE, MAP_SHARED, q->fd, 0);

	if (portal == MAP_FAILED)
		return -errno;
	q->portal = portal;
	return 0;
}

static const char *map_text(int err)
{
	return err == EPERM ? "mapping its portal takes CAP_SYS_RAWIO on this device "
			      "(INTEL-SA-01084)"
			    : strerror(err);
}

/* Kernels before 6.10 have no write() here; those since 2025 look at who opened the file. */
static int check_write(const struct dsa_queue *q, char *why, size_t len)
{
	if (write(q->fd, "", 0) == 0)
		return 0;
	if (errno == EINVAL || errno == EBADF)
		return refuse(why, len, EOPNOTSUPP, q->name, "",
			      "this kernel's idxd takes no work by write() (6.10 does)");
	return refuse(why, len, errno, q->name, "write(): ", dsa_send_text(-errno));
}

/* It stands in for a portal: nobody reads what is written to it by write(). */
static bool is_file(const struct dsa_queue *q)
{
	struct stat st;

	return dsa_stand_in() && !fstat(q->fd, &st) && S_ISREG(st.st_mode);
}

static int check_portal(struct dsa_queue *q, const struct dsa_queue_info *info, char *why,
			size_t len)
{
	struct dsa_cpu cpu = dsa_cpu();

	q->way = info->shared ? DSA_BY_ENQCMD : DSA_BY_MOVDIR64B;
	/* Outside a device's portal it is an error of the CPU's. */
	if (info->shared && dsa_stand_in())
		return refuse(why, len, EOPNOTSUPP, q->name, "",
			      "a shared queue's portal can't be stood in for");
	if (info->shared ? cpu.enqcmd : cpu.movdir64b)
		return 0;
	q->store = !info->shared && dsa_may_store() && is_file(q);
	if (q->store)
		return 0;
	return refuse(why, len, EOPNOTSUPP, q->name, "this CPU has no ",
		      info->shared ? "ENQCMD, as a shared queue's portal needs"
				   : "MOVDIR64B, as a dedicated queue's portal needs");
}

static int choose_way(struct dsa_queue *q, const struct dsa_queue_info *info, enum dsa_submit wish,
		      char *why, size_t len)
{
	int ret = wish == DSA_SUBMIT_WRITE ? -EINVAL : map_portal(q);

	if (!ret)
		ret = check_portal(q, info, why, len);
	else
		refuse(why, len, -ret, q->name, "", map_text(-ret));
	if (!ret || wish == DSA_SUBMIT_PORTAL || is_file(q))
		return ret;
	if (q->portal)
		munmap(q->portal, PORTAL_BYTES);
	q->portal = NULL;
	q->way = DSA_BY_WRITE;
	return check_write(q, why, len);
}

int dsa_queue_open(struct dsa_queue *q, const struct dsa_queue_info *info, enum dsa_submit wish,
		   char *why, size_t len)
{
	int ret;

	*q = (struct dsa_queue){ .name = info->name, .fd = -1, .patience_ns = dsa_patience_ns() };
	if (!dsa_cpu().x86) {
		snprintf(why, len, "DSA is a device of x86-64 machines");
		return -EOPNOTSUPP;
	}
	q->fd = open_node(info->name);
	if (q->fd < 0)
		return refuse(why, len, errno, info->name, "", open_text(errno));
	ret = choose_way(q, info, wish, why, len);
	if (ret)
		dsa_queue_close(q);
	return ret;
}

void dsa_queue_close(struct dsa_queue *q)
{
	if (q->portal)
		munmap(q->portal, PORTAL_BYTES);
	if (q->fd >= 0)
		close(q->fd);
	q->portal = NULL;
	q->fd = -1;
}

const char *dsa_send_text(int err)
{
	switch (-err) {
	case EPERM:
		return "the queue was opened by another process (before a fork?)";
	case EINVAL:
		return "the kernel refuses this kind of work on this device";
	case EAGAIN:
		return "the queue had no room for too long";
	case EPIPE:
	case ENODEV:
	case ENXIO:
		return "the queue is gone";
	default:
		return strerror(-err);
	}
}

/* There was no room: false when that has been so for too long. */
static bool try_again(struct dsa_queue *q, uint64_t *since, unsigned int *tries)
{
	q->retries++;
	pause_cpu();
	if (++*tries % TRIES)
		return true;
	if (!*since)
		*since = now_ns();
	return now_ns() - *since < q->patience_ns;
}

static unsigned int send_by_write(struct dsa_queue *q, const struct dsa_hw_desc *descriptors,
				  unsigned int n, int *err)
{
	unsigned int taken = 0, tries = 0;
	uint64_t since = 0;

	while (taken < n) {
		ssize_t ret = write(q->fd, descriptors + taken, (n - taken) * DESCRIPTOR_BYTES);

		/* Parts of one are none: no queue does that. */
		if (ret > 0 && ret % (ssize_t)DESCRIPTOR_BYTES == 0) {
			taken += (unsigned int)((size_t)ret / DESCRIPTOR_BYTES);
			q->retries += taken < n;
			tries = 0;
			since = 0;
			continue;
		}
		if (ret < 0 && errno == EINTR)
			continue;
		*err = ret < 0 ? -errno : -EPROTO;
		if (*err != -EAGAIN || !try_again(q, &since, &tries))
			return taken;
	}
	*err = 0;
	return taken;
}

/* The first word last: whoever looks at that one sees all of them. */
static void store_descriptor(void *portal, const void *descriptor)
{
	const uint64_t *from = descriptor;
	uint64_t *to = portal;

	memcpy(to + 1, from + 1, DESCRIPTOR_BYTES - sizeof(*to));
	__atomic_store_n(to, *from, __ATOMIC_RELEASE);
}

static unsigned int send_shared(struct dsa_queue *q, const struct dsa_hw_desc *descriptors,
				unsigned int n, int *err)
{
	unsigned int taken = 0, tries = 0;
	uint64_t since = 0;

	while (taken < n) {
		if (dsa_enqcmd(q->portal + q->slot * DESCRIPTOR_BYTES, descriptors + taken)) {
			q->slot = (q->slot + 1) % SLOTS;
			taken++;
			tries = 0;
			since = 0;
		} else if (!try_again(q, &since, &tries)) {
			*err = -EAGAIN;
			return taken;
		}
	}
	*err = 0;
	return taken;
}

/* No answer: whoever hands more over than there is room for loses it. */
static unsigned int send_dedicated(struct dsa_queue *q, const struct dsa_hw_desc *descriptors,
				   unsigned int n)
{
	const bool store = q->store;
	unsigned int slot = q->slot;
	uint8_t *portal = q->portal;

	for (unsigned int i = 0; i < n; i++) {
		if (store)
			store_descriptor(portal + slot * DESCRIPTOR_BYTES, descriptors + i);
		else
			dsa_movdir64b(portal + slot * DESCRIPTOR_BYTES, descriptors + i);
		slot = (slot + 1) % SLOTS;
	}
	q->slot = slot;
	return n;
}

unsigned int dsa_queue_send(struct dsa_queue *q, const struct dsa_hw_desc *descriptors,
			    unsigned int n, int *err)
{
	if (q->way == DSA_BY_WRITE)
		return send_by_write(q, descriptors, n, err);
	/* Descriptors, cleared records and the source, before the device is told. */
	dsa_fence();
	if (q->way == DSA_BY_ENQCMD)
		return send_shared(q, descriptors, n, err);
	*err = 0;
	return send_dedicated(q, descriptors, n);
}

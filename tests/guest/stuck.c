/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages in which whoever touches them is stuck; see stuck.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "stuck.h"

/* Of the guest's time: a bound for what would hang, not a measure of anything. */
#define SOON_S 30

void stuck_make(struct stuck *stuck, char *memory, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = (uintptr_t)memory, .len = size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	stuck->memory = memory;
	stuck->size = size;
	stuck->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	assert_true(stuck->fd >= 0);
	assert_int_equal(ioctl(stuck->fd, UFFDIO_API, &api), 0);
	assert_int_equal(ioctl(stuck->fd, UFFDIO_REGISTER, &range), 0);
}

bool stuck_is_touched(const struct stuck *stuck)
{
	struct pollfd wait = { .fd = stuck->fd, .events = POLLIN };
	struct uffd_msg message;

	return poll(&wait, 1, SOON_S * 1000) == 1 &&
	       read(stuck->fd, &message, sizeof(message)) == sizeof(message) &&
	       message.event == UFFD_EVENT_PAGEFAULT;
}

void stuck_fill(const struct stuck *stuck, const void *content)
{
	struct uffdio_copy fill = {
		.dst = (uintptr_t)stuck->memory,
		.src = (uintptr_t)content,
		.len = stuck->size,
	};
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)stuck->memory, .len = stuck->size },
	};

	if (content)
		assert_int_equal(ioctl(stuck->fd, UFFDIO_COPY, &fill), 0);
	else
		assert_int_equal(ioctl(stuck->fd, UFFDIO_ZEROPAGE, &zero), 0);
}

void stuck_drop(struct stuck *stuck)
{
	close(stuck->fd);
}

bool ends_soon(pthread_t thread, void **result)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += SOON_S;
	return !pthread_timedjoin_np(thread, result, &end);
}

void halves_at_once(const struct bench *one, const struct bench *other, char *dst, const char *src,
		    size_t len, uint64_t chunk, int rounds)
{
	struct job job = { .bench = other, .arg = user_copy(dst, src, len / 2) };
	struct dmabench_copy arg = user_copy(dst + len / 2, src + len / 2, len / 2);

	job.arg.chunk = chunk;
	arg.chunk = chunk;
	while (rounds--) {
		pthread_t thread;

		memset(dst, 0, len);
		assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
		assert_int_equal(copy(one, &arg), 0);
		assert_true(ends_soon(thread, NULL));
		assert_int_equal(job.err, 0);
		assert_memory_equal(dst, src, len);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * pread and pwrite of kernel buffers, for filling and checking them.
 *
 * The CPU owns the bytes between copies, so no sync is owed here; io_lock keeps
 * a copy that must sync from running meanwhile. As with a file: what goes past
 * the end is cut short; at the end, reads give 0 and writes ENOSPC.
 */
#include <linux/highmem.h>
#include <linux/uio.h>

#include "area.h"
#include "buffer.h"
#include "dmabench.h"
#include "entry.h"
#include "session.h"

static size_t pages_iter(struct buffer *buffer, u64 pos, struct iov_iter *iter, bool to_user)
{
	size_t total = 0, want = min_t(u64, iov_iter_count(iter), buffer->size - pos);

	while (total < want) {
		struct page *page = buffer->area.pages[(pos + total) >> PAGE_SHIFT];
		size_t offset = offset_in_page(pos + total);
		size_t len = min_t(size_t, want - total, PAGE_SIZE - offset);
		size_t done;

		if (to_user)
			done = copy_page_to_iter(page, offset, len, iter);
		else
			done = copy_page_from_iter(page, offset, len, iter);
		total += done;
		if (done < len || fatal_signal_pending(current))
			break;
	}
	return total;
}

static ssize_t buffer_iter(struct kiocb *iocb, struct iov_iter *iter, bool to_user)
{
	struct session *session = iocb->ki_filp->private_data;
	u64 handle = (u64)iocb->ki_pos >> BUFFER_WINDOW_SHIFT;
	u64 pos = iocb->ki_pos & (MAX_BUFFER_BYTES - 1);
	struct buffer *buffer;
	ssize_t ret;

	if (handle > U32_MAX)
		return -EINVAL;
	buffer = buffer_use(session, handle);
	if (!buffer)
		return -EINVAL;
	if (buffer->kind != DMABENCH_BUF_KERNEL) {
		ret = -EINVAL;
	} else if (!iov_iter_count(iter)) {
		ret = 0;
	} else if (pos >= buffer->size) {
		ret = to_user ? 0 : -ENOSPC;
	} else {
		ret = mutex_lock_interruptible(&buffer->io_lock);
		if (!ret) {
			ret = pages_iter(buffer, pos, iter, to_user) ?: -EFAULT;
			mutex_unlock(&buffer->io_lock);
		}
	}
	buffer_unuse(session, buffer);
	if (ret > 0)
		iocb->ki_pos += ret;
	return interrupted(ret);
}

ssize_t dmabench_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return buffer_iter(iocb, to, true);
}

ssize_t dmabench_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return buffer_iter(iocb, from, false);
}

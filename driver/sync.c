// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer's syncs by themselves, timed.
 *
 * As a copy would, but with nothing between: io_lock keeps pread, pwrite and copies that sync
 * away, map_sem the end of the mapping.
 */
#include <linux/ktime.h>

#include "area.h"
#include "buffer.h"
#include "dmabench.h"
#include "engine.h"
#include "session.h"
#include "sync.h"

static int check_args(const struct dmabench_sync *arg)
{
	if (arg->flags || arg->reserved0 || any_set(arg->reserved, ARRAY_SIZE(arg->reserved)))
		return -EINVAL;
	return 0;
}

static int check_buffer(const struct buffer *buffer, const struct dmabench_sync *arg)
{
	if (buffer->kind == DMABENCH_BUF_COHERENT)
		return -EINVAL;
	if (!arg->len || arg->offset > buffer->size || arg->len > buffer->size - arg->offset)
		return -EINVAL;
	return 0;
}

static int sync_timed(struct buffer *buffer, struct dmabench_sync *arg)
{
	struct engine *engine = buffer->engine;
	int err = -ENODEV;
	u64 start, between;

	map_lock(engine);
	if (engine_usable(engine) && buffer->area.mapped) {
		start = ktime_get_ns();
		area_sync(&buffer->area, arg->offset, arg->len, true);
		between = ktime_get_ns();
		area_sync(&buffer->area, arg->offset, arg->len, false);
		arg->cpu_ns = ktime_get_ns() - between;
		arg->device_ns = between - start;
		arg->needed = buffer->need_sync;
		err = 0;
	}
	map_unlock(engine);
	return err;
}

int buffer_sync(struct session *session, struct dmabench_sync *arg)
{
	struct buffer *buffer;
	int err = check_args(arg);

	if (err)
		return err;
	buffer = buffer_use(session, arg->handle);
	if (!buffer)
		return -EINVAL;
	err = check_buffer(buffer, arg) ?: mutex_lock_interruptible(&buffer->io_lock);
	if (!err) {
		err = buffer->lent ? -EBUSY : sync_timed(buffer, arg);
		mutex_unlock(&buffer->io_lock);
	}
	buffer_unuse(session, buffer);
	return err;
}

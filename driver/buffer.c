// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers: registered, coherent and kernel memory that outlives one copy.
 *
 * Between copies the CPU owns a buffer's bytes. A copy that needs it hands them
 * to the engine and takes them back (see sides_begin).
 */
#include <linux/ktime.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "area.h"
#include "buffer.h"
#include "dmabench.h"
#include "engine.h"
#include "session.h"

static atomic_long_t last_id;

static u64 charged_bytes(const struct buffer *buffer)
{
	return buffer->kind == DMABENCH_BUF_REGISTERED ? 0 : PAGE_ALIGN(buffer->size);
}

/*
 * A buffer that the engine writes is mapped both ways: with bounce buffers the
 * bytes around a copy then survive it.
 */
static enum dma_data_direction direction(u32 flags)
{
	return flags & DMABENCH_BUF_DEST ? DMA_BIDIRECTIONAL : DMA_TO_DEVICE;
}

static bool map_needs_sync(struct device *dev, struct sg_table *sgt)
{
	struct scatterlist *sg;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (dma_need_sync(dev, sg_dma_address(sg)))
			return true;
	}
	return false;
}

static int make_coherent(struct buffer *buffer, struct dmabench_buffer *arg)
{
	struct engine *engine = buffer->engine;
	u64 start = ktime_get_ns();
	int err = -ENODEV;

	mutex_lock(&engine->coherent_lock);
	if (engine_usable(engine)) {
		/* The size is capped by now, but a large one may still be too much to ask. */
		buffer->cpu = dma_alloc_coherent(engine->dev, PAGE_ALIGN(buffer->size),
						 &buffer->dma, GFP_USER_MEMORY);
		if (buffer->cpu)
			list_add(&buffer->engine_node, &engine->coherent);
		err = buffer->cpu ? 0 : -ENOMEM;
	}
	mutex_unlock(&engine->coherent_lock);
	if (err)
		return err;
	arg->pin_ns = ktime_get_ns() - start;
	arg->map_ns = 0;
	arg->sg_pinned = 1;
	arg->sg_mapped = 1;
	return 0;
}

static int make_pages(struct buffer *buffer, struct dmabench_buffer *arg)
{
	struct area *area = &buffer->area;
	bool user = buffer->kind == DMABENCH_BUF_REGISTERED;
	size_t offset = user ? offset_in_page(arg->addr) : 0;
	u64 start, pinned;
	int err;

	start = ktime_get_ns();
	if (user)
		err = area_pin(area, buffer->engine, arg->addr, arg->size,
			       PIN_LONGTERM | (arg->flags & DMABENCH_BUF_DEST ? PIN_WRITE : 0));
	else
		err = area_alloc(area, buffer->engine, arg->size, arg->node);
	if (err)
		return err;
	pinned = ktime_get_ns();
	err = area_map(area, offset, arg->size, direction(arg->flags), false) ?: area_mark(area);
	if (err)
		return err;
	arg->pin_ns = pinned - start;
	arg->map_ns = ktime_get_ns() - pinned;
	arg->sg_pinned = area->sgt.orig_nents;
	arg->sg_mapped = area->sgt.nents;
	buffer->offset = offset;
	buffer->need_sync = map_needs_sync(buffer->engine->dev, &area->sgt);
	return 0;
}

/* Under coherent_lock. */
void buffer_free_coherent(struct buffer *buffer)
{
	if (!buffer->cpu)
		return;
	list_del(&buffer->engine_node);
	dma_free_coherent(buffer->engine->dev, PAGE_ALIGN(buffer->size), buffer->cpu, buffer->dma);
	buffer->cpu = NULL;
}

/* Hardware may write to it at any time from now on. */
void buffer_quarantine(struct buffer *buffer)
{
	mutex_lock(&buffer->engine->submit_lock);
	if (!buffer->quarantined)
		list_add_tail(&buffer->node, &buffer->engine->quarantine);
	buffer->quarantined = true;
	mutex_unlock(&buffer->engine->submit_lock);
}

/* Also for one that was never finished, and for the last moment of a session. */
void buffer_free(struct buffer *buffer)
{
	if (buffer->quarantined)
		return;
	mutex_lock(&buffer->engine->coherent_lock);
	buffer_free_coherent(buffer);
	mutex_unlock(&buffer->engine->coherent_lock);
	area_unmap(&buffer->area);
	area_release(&buffer->area, buffer->written);
	area_free(&buffer->area);
	if (buffer->charged)
		owner_uncharge(buffer->object.owner, charged_bytes(buffer));
	owner_put(buffer->object.owner);
	kfree(buffer);
}

static void free_object(struct object *object)
{
	buffer_free(container_of(object, struct buffer, object));
}

static bool node_known(s32 node)
{
	if (node == NUMA_NO_NODE)
		return true;
	return node >= 0 && node < MAX_NUMNODES && node_state(node, N_MEMORY);
}

static int check_args(const struct dmabench_buffer *arg)
{
	u64 end;

	if (arg->reserved0 || any_set(arg->reserved, ARRAY_SIZE(arg->reserved)))
		return -EINVAL;
	if (!arg->flags || arg->flags & ~(DMABENCH_BUF_SOURCE | DMABENCH_BUF_DEST))
		return -EINVAL;
	if (!arg->size || arg->size > MAX_RANGE || check_add_overflow(arg->addr, arg->size, &end))
		return -EINVAL;
	switch (arg->kind) {
	case DMABENCH_BUF_REGISTERED:
		return arg->node == NUMA_NO_NODE ? 0 : -EINVAL;
	case DMABENCH_BUF_COHERENT:
		return arg->node == NUMA_NO_NODE && !arg->addr ? 0 : -EINVAL;
	case DMABENCH_BUF_KERNEL:
		return node_known(arg->node) && !arg->addr ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

static int buffer_announce(struct session *session, struct buffer *buffer,
			   struct dmabench_buffer *arg, void __user *out)
{
	int err = session_reserve(session, &buffer->object, &arg->handle);

	if (err)
		return err;
	arg->mmap_offset = 0;
	if (buffer->kind != DMABENCH_BUF_REGISTERED)
		arg->mmap_offset = (u64)arg->handle << BUFFER_WINDOW_SHIFT;
	if (copy_to_user(out, arg, sizeof(*arg))) {
		session_unreserve(session, &buffer->object, arg->handle);
		return -EFAULT;
	}
	session_publish(session, &buffer->object, arg->handle);
	return 0;
}

/* With nothing in it yet. */
static struct buffer *buffer_new(struct session *session, struct engine *engine,
				 const struct dmabench_buffer *arg)
{
	struct buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL_ACCOUNT);

	if (!buffer)
		return NULL;
	buffer->object.type = OBJECT_BUFFER;
	buffer->object.free = free_object;
	buffer->object.owner = owner_get(session->owner);
	if (!buffer->object.owner) {
		kfree(buffer);
		return NULL;
	}
	buffer->session = session;
	buffer->kind = arg->kind;
	buffer->flags = arg->flags;
	buffer->size = arg->size;
	buffer->engine = engine;
	buffer->id = atomic_long_inc_return(&last_id);
	mutex_init(&buffer->io_lock);
	spin_lock_init(&buffer->views_lock);
	INIT_LIST_HEAD(&buffer->views);
	return buffer;
}

/* Charged before there is any. */
static int buffer_fill(struct buffer *buffer, struct dmabench_buffer *arg)
{
	int err = owner_charge(buffer->object.owner, charged_bytes(buffer));

	if (err)
		return err;
	buffer->charged = true;
	return arg->kind == DMABENCH_BUF_COHERENT ? make_coherent(buffer, arg)
						  : make_pages(buffer, arg);
}

int buffer_create(struct session *session, struct dmabench_buffer *arg, void __user *out)
{
	struct engine *engine;
	struct buffer *buffer;
	int err;

	err = check_args(arg);
	if (err)
		return err;
	engine = session_engine(session, arg->engine);
	if (IS_ERR(engine))
		return PTR_ERR(engine);
	if (!engine_usable(engine))
		return -ENODEV;
	buffer = buffer_new(session, engine, arg);
	if (!buffer)
		return -ENOMEM;
	err = buffer_fill(buffer, arg) ?: buffer_announce(session, buffer, arg, out);
	if (err)
		buffer_free(buffer);
	return err;
}

int buffer_destroy(struct session *session, const struct dmabench_destroy *arg)
{
	struct object *object;
	struct buffer *buffer;
	int err = 0;

	if (arg->flags)
		return -EINVAL;
	xa_lock(&session->handles);
	object = session_find(session, arg->handle);
	if (!object || object->type != OBJECT_BUFFER) {
		err = -EINVAL;
	} else {
		buffer = container_of(object, struct buffer, object);
		if (buffer->users || atomic_read(&buffer->mmaps)) {
			err = -EBUSY;
		} else {
			session_forget(session, object);
			__xa_erase(&session->handles, arg->handle);
		}
	}
	xa_unlock(&session->handles);
	if (err)
		return err;
	owner_give_handle(buffer->object.owner);
	buffer_free(buffer);
	return 0;
}

/* Under the xa_lock. A used buffer can't be destroyed. NULL: no such buffer. */
struct buffer *buffer_find(struct session *session, u32 handle)
{
	struct object *object = session_find(session, handle);
	struct buffer *buffer;

	if (!object || object->type != OBJECT_BUFFER)
		return NULL;
	buffer = container_of(object, struct buffer, object);
	buffer->users++;
	return buffer;
}

struct buffer *buffer_use(struct session *session, u32 handle)
{
	struct buffer *buffer;

	xa_lock(&session->handles);
	buffer = buffer_find(session, handle);
	xa_unlock(&session->handles);
	return buffer;
}

void buffer_unuse(struct session *session, struct buffer *buffer)
{
	xa_lock(&session->handles);
	buffer->users--;
	xa_unlock(&session->handles);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: the table of handles behind an open file.
 *
 * A handle is reserved first, told to the caller next and published last, so a
 * request that can't be answered leaves nothing behind. Every ioctl and every
 * mapping holds the file, so a session is freed only when nothing runs in it.
 * Handles count upwards: a stale one doesn't find its successor.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "dmabench.h"

/* 12 bits, so that the offsets of all windows fit in mmap2's 44 bits. */
#define HANDLE_LIMIT XA_LIMIT(1, 4095)

static unsigned int max_handles = 1024;
static unsigned long long max_bytes;

static int handles_set(const char *text, const struct kernel_param *kp)
{
	return param_set_uint_minmax(text, kp, 1, HANDLE_LIMIT.max);
}

static const struct kernel_param_ops handles_ops = { .set = handles_set, .get = param_get_uint };
module_param_cb(max_handles, &handles_ops, &max_handles, 0644);
MODULE_PARM_DESC(max_handles, "engines and buffers of a session, 1 to 4095 (default 1024)");

static int bytes_set(const char *text, const struct kernel_param *kp)
{
	unsigned long long bytes;
	int err = kstrtoull(text, 0, &bytes);

	if (err)
		return err;
	if (bytes > MAX_BUFFER_BYTES)
		return -EINVAL;
	WRITE_ONCE(max_bytes, bytes);
	return 0;
}

static const struct kernel_param_ops bytes_ops = { .set = bytes_set, .get = param_get_ullong };
module_param_cb(max_bytes, &bytes_ops, &max_bytes, 0644);
MODULE_PARM_DESC(max_bytes, "coherent and kernel bytes of a session (0, default: half of memory)");

u32 session_max_handles(void)
{
	return READ_ONCE(max_handles);
}

struct session *session_new(struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL);
	int err;

	if (!session)
		return ERR_PTR(-ENOMEM);
	err = space_init(session, file);
	if (err) {
		kfree(session);
		return ERR_PTR(err);
	}
	xa_init_flags(&session->handles, XA_FLAGS_ALLOC1);
	mutex_init(&session->open_lock);
	return session;
}

/* Engines last: buffers are mapped for them, and the spare copy has a request of one. */
void session_free(struct session *session)
{
	struct object *object;
	unsigned long handle;

	copy_free(session->spare);
	xa_for_each(&session->handles, handle, object) {
		if (object->type != OBJECT_BUFFER)
			continue;
		xa_erase(&session->handles, handle);
		buffer_free(container_of(object, struct buffer, object));
	}
	xa_for_each(&session->handles, handle, object) {
		struct session_engine *se;

		if (object->type != OBJECT_ENGINE)
			continue;
		se = container_of(object, struct session_engine, object);
		engine_put(se->engine);
		kfree(se);
	}
	xa_destroy(&session->handles);
	space_exit(session);
	kfree(session);
}

int session_reserve(struct session *session, u32 *handle)
{
	int err;

	if (atomic_inc_return(&session->count) > session_max_handles()) {
		atomic_dec(&session->count);
		return -ENOMEM;
	}
	err = xa_alloc_cyclic(&session->handles, handle, NULL, HANDLE_LIMIT, &session->next_handle,
			      GFP_KERNEL);
	if (err < 0) {
		atomic_dec(&session->count);
		return -ENOMEM;
	}
	return 0;
}

void session_unreserve(struct session *session, u32 handle)
{
	xa_erase(&session->handles, handle);
	atomic_dec(&session->count);
}

/* The entry was allocated when it was reserved, so this can't fail. */
void session_publish(struct session *session, struct object *object, u32 handle)
{
	object->handle = handle;
	xa_store(&session->handles, handle, object, GFP_KERNEL);
}

/* Under the xa_lock. Most look for one of a few handles, over and over. NULL: no such object. */
struct object *session_find(struct session *session, u32 handle)
{
	struct object **recent = &session->recent[handle % ARRAY_SIZE(session->recent)];

	if (!*recent || (*recent)->handle != handle)
		*recent = xa_load(&session->handles, handle);
	return *recent;
}

/* Under the xa_lock, where an object leaves the table. */
void session_forget(struct session *session, const struct object *object)
{
	struct object **recent = &session->recent[object->handle % ARRAY_SIZE(session->recent)];

	if (*recent == object)
		*recent = NULL;
}

/* Engines stay as long as their session, so a look-up needs no reference. */
struct engine *session_engine(struct session *session, u32 handle)
{
	struct engine *engine = ERR_PTR(-EINVAL);
	struct object *object;

	/* What turns out to be a buffer may be destroyed at any time. */
	xa_lock(&session->handles);
	object = session_find(session, handle);
	if (object && object->type == OBJECT_ENGINE)
		engine = container_of(object, struct session_engine, object)->engine;
	xa_unlock(&session->handles);
	return engine;
}

static bool session_has(struct session *session, const struct engine *engine)
{
	struct object *object;
	unsigned long handle;
	bool found = false;

	xa_lock(&session->handles);
	xa_for_each(&session->handles, handle, object) {
		if (object->type == OBJECT_ENGINE &&
		    container_of(object, struct session_engine, object)->engine == engine)
			found = true;
	}
	xa_unlock(&session->handles);
	return found;
}

static int open_engine(struct session *session, struct dmabench_engine_open *arg,
		       struct session_engine *se, void __user *out)
{
	u32 handle;
	int err;

	if (session_has(session, se->engine))
		return -EBUSY;
	err = session_reserve(session, &handle);
	if (err)
		return err;
	arg->engine = handle;
	if (copy_to_user(out, arg, sizeof(*arg))) {
		session_unreserve(session, handle);
		return -EFAULT;
	}
	session_publish(session, &se->object, handle);
	return 0;
}

int session_open_engine(struct session *session, struct dmabench_engine_open *arg, void __user *out)
{
	struct session_engine *se;
	int err;

	if (arg->flags || memchr_inv(arg->reserved, 0, sizeof(arg->reserved)) ||
	    !memchr(arg->name, 0, sizeof(arg->name)))
		return -EINVAL;
	se = kzalloc(sizeof(*se), GFP_KERNEL);
	if (!se)
		return -ENOMEM;
	se->object.type = OBJECT_ENGINE;
	se->engine = engine_get(arg->name);
	if (IS_ERR(se->engine)) {
		err = PTR_ERR(se->engine);
		kfree(se);
		return err;
	}
	err = mutex_lock_interruptible(&session->open_lock);
	if (!err) {
		err = open_engine(session, arg, se, out);
		mutex_unlock(&session->open_lock);
	}
	if (err) {
		engine_put(se->engine);
		kfree(se);
	}
	return err;
}

void session_uncharge(struct session *session, u64 bytes)
{
	atomic64_sub(bytes, &session->bytes);
}

/* Coherent and kernel buffers aren't charged to RLIMIT_MEMLOCK: they have a cap. */
u64 session_max_bytes(void)
{
	u64 half = (u64)totalram_pages() * PAGE_SIZE / 2;

	return READ_ONCE(max_bytes) ?: min_t(u64, MAX_BUFFER_BYTES, half);
}

int session_charge(struct session *session, u64 bytes)
{
	u64 max = session_max_bytes();

	if (bytes > max)
		return -ENOMEM;
	if (atomic64_add_return(bytes, &session->bytes) > max) {
		session_uncharge(session, bytes);
		return -ENOMEM;
	}
	return 0;
}

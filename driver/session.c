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
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "dmabench.h"
#include "engine.h"
#include "session.h"

#define HANDLE_LIMIT XA_LIMIT(1, MAX_HANDLE)

struct session *session_new(struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);
	int err;

	if (!session)
		return ERR_PTR(-ENOMEM);
	session->owner = owner_get(NULL);
	err = session->owner ? space_init(session, file) : -ENOMEM;
	if (err) {
		owner_put(session->owner);
		kfree(session);
		return ERR_PTR(err);
	}
	xa_init_flags(&session->handles, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	mutex_init(&session->open_lock);
	return session;
}

static void session_engine_free(struct session_engine *se)
{
	if (!IS_ERR_OR_NULL(se->engine))
		engine_put(se->engine);
	owner_put(se->object.owner);
	kfree(se);
}

/* Engines last: buffers are mapped for them. */
void session_free(struct session *session)
{
	struct object *object;
	unsigned long handle;

	xa_for_each(&session->handles, handle, object) {
		if (object->type != OBJECT_BUFFER)
			continue;
		xa_erase(&session->handles, handle);
		owner_give_handle(object->owner);
		object->free(object);
	}
	xa_for_each(&session->handles, handle, object) {
		struct session_engine *se;

		if (object->type != OBJECT_ENGINE)
			continue;
		se = container_of(object, struct session_engine, object);
		owner_give_handle(object->owner);
		session_engine_free(se);
	}
	xa_destroy(&session->handles);
	space_exit(session);
	owner_put(session->owner);
	kfree(session);
}

/* A number in the table, for an object that has an owner. */
int session_reserve(struct session *session, struct object *object, u32 *handle)
{
	int err = owner_take_handle(object->owner);

	if (err)
		return err;
	err = xa_alloc_cyclic(&session->handles, handle, NULL, HANDLE_LIMIT, &session->next_handle,
			      GFP_KERNEL);
	if (err >= 0)
		return 0;
	owner_give_handle(object->owner);
	return -ENOMEM;
}

void session_unreserve(struct session *session, struct object *object, u32 handle)
{
	xa_erase(&session->handles, handle);
	owner_give_handle(object->owner);
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
	err = session_reserve(session, &se->object, &handle);
	if (err)
		return err;
	arg->engine = handle;
	if (copy_to_user(out, arg, sizeof(*arg))) {
		session_unreserve(session, &se->object, handle);
		return -EFAULT;
	}
	session_publish(session, &se->object, handle);
	return 0;
}

static struct session_engine *session_engine_new(const char *name, struct owner *likely)
{
	struct session_engine *se = kzalloc(sizeof(*se), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!se)
		return ERR_PTR(err);
	se->object.type = OBJECT_ENGINE;
	se->object.owner = owner_get(likely);
	if (se->object.owner) {
		se->engine = engine_get(name);
		if (!IS_ERR(se->engine))
			return se;
		err = PTR_ERR(se->engine);
	}
	session_engine_free(se);
	return ERR_PTR(err);
}

int session_open_engine(struct session *session, struct dmabench_engine_open *arg, void __user *out)
{
	struct session_engine *se;
	int err;

	if (arg->flags || any_set(arg->reserved, ARRAY_SIZE(arg->reserved)) ||
	    !memchr(arg->name, 0, sizeof(arg->name)))
		return -EINVAL;
	se = session_engine_new(arg->name, session->owner);
	if (IS_ERR(se))
		return PTR_ERR(se);
	err = mutex_lock_interruptible(&session->open_lock);
	if (!err) {
		err = open_engine(session, arg, se, out);
		mutex_unlock(&session->open_lock);
	}
	if (err)
		session_engine_free(se);
	return err;
}

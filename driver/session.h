/* SPDX-License-Identifier: GPL-2.0-only */
/* Sessions: the handles of an open file, and who pays for them. */
#ifndef DMABENCH_SESSION_H
#define DMABENCH_SESSION_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "engine.h"

enum object_type { OBJECT_ENGINE, OBJECT_BUFFER };

struct owner;

struct object {
	enum object_type type;
	u32 handle;
	struct owner *owner;		     /* who pays for it */
	void (*free)(struct object *object); /* a buffer, with its session */
};

struct copy;

/* ---- session.c --------------------------------------------------------- */

struct session_engine {
	struct object object;
	struct engine *engine;
};

struct session {
	struct inode *inode; /* its address space; see address_space.c */
	struct owner *owner; /* of who opened it, who is likely to be the one who asks */
	struct xarray handles;
	struct object *recent[8]; /* by handle, of those found last; under the xa_lock */
	u32 next_handle;
	atomic_t async;		/* copies in flight that nobody waits for */
	struct mutex open_lock; /* one engine is opened at a time */
	struct copy *spare;	/* of the last copy, for the next one; taken by xchg */
};

struct session *session_new(struct file *file);
void session_free(struct session *session);
int session_reserve(struct session *session, struct object *object, u32 *handle);
void session_unreserve(struct session *session, struct object *object, u32 handle);
void session_publish(struct session *session, struct object *object, u32 handle);
struct object *session_find(struct session *session, u32 handle);
void session_forget(struct session *session, const struct object *object);
struct engine *session_engine(struct session *session, u32 handle);
int session_open_engine(struct session *session, struct dmabench_engine_open *arg,
			void __user *out);

/* ---- owner.c ----------------------------------------------------------- */

struct owner *owner_get(struct owner *likely);
void owner_put(struct owner *owner);
int owner_take_handle(struct owner *owner);
void owner_give_handle(struct owner *owner);
int owner_charge(struct owner *owner, u64 bytes);
void owner_uncharge(struct owner *owner, u64 bytes);
u64 owner_max_bytes(void);
u32 owner_max_handles(void);

/* ---- address_space.c ----------------------------------------------------------- */

int space_init(struct session *session, struct file *file);
void space_exit(struct session *session);

#endif /* DMABENCH_SESSION_H */

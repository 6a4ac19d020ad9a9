/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers: what a handle holds beside an engine. */
#ifndef DMABENCH_BUFFER_H
#define DMABENCH_BUFFER_H

#include "area.h"
#include "session.h"

struct buffer {
	struct object object;
	struct session *session;
	u32 kind;
	u32 flags;
	u64 size;
	struct engine *engine;
	unsigned int users; /* copies, pread, pwrite; under the xa_lock */
	atomic_t mmaps;
	spinlock_t views_lock;	/* the list below */
	struct list_head views; /* by which users see it; see mmap.c */
	/*
	 * Where the CPU and the engine don't see the same bytes at all times
	 * (need_sync), one user at a time: a sync moves bytes that another may be using.
	 */
	struct mutex io_lock;
	bool need_sync;
	bool lent;		/* to an asynchronous copy, where need_sync; under io_lock */
	bool charged;		/* to its owner */
	bool quarantined;	/* hardware may still write to it: never freed */
	struct list_head node;	/* in engine->quarantine */
	bool written;		/* some copy had it as its destination */
	unsigned long id;	/* unlike a handle, never again another's */
	unsigned long apart[4]; /* ids of buffers that are known not to have a page of it */
	size_t offset;		/* registered: of its first byte, in its first page */
	struct area area;	/* registered, kernel */
	void *cpu;		/* coherent; NULL once the provider is gone */
	dma_addr_t dma;
	struct list_head engine_node; /* coherent: in engine->coherent */
};

int buffer_create(struct session *session, struct dmabench_buffer *arg, void __user *out);
int buffer_destroy(struct session *session, const struct dmabench_destroy *arg);
void buffer_free(struct buffer *buffer);
void buffer_free_coherent(struct buffer *buffer);
void buffer_zap(struct buffer *buffer);
void buffer_quarantine(struct buffer *buffer);
struct buffer *buffer_find(struct session *session, u32 handle);
struct buffer *buffer_use(struct session *session, u32 handle);
void buffer_unuse(struct session *session, struct buffer *buffer);

#endif /* DMABENCH_BUFFER_H */

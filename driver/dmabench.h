/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of dmabench.ko share.
 *
 * Objects: a session (an open file) holds handles. A handle is an engine (one
 * dmaengine channel; one struct engine for all sessions that opened it) or a
 * buffer. A copy is a request while it runs: see xfer.c.
 *
 * Locks, outermost first:
 *   buffer->io_lock (two of them: lower handle first)
 *     mmap_lock (taken by pinning and by page faults)
 *       the handle table's xa_lock (never sleeps)
 *   engines_lock
 *     the lock of the provider's device, or that of all channels' class: whoever
 *     unbinds, or takes a channel away, holds them
 *       channels_lock > dmaengine's own list mutex; and all below
 *   engine->submit_lock: from preparing to issuing descriptors, and while the
 *     channel is stopped. Nothing is pinned, mapped or faulted in under it.
 *   engine->coherent_lock: the life of coherent memory
 *     mmap_lock (each mapper's, for a moment, when the provider goes)
 *       engine->map_sem: read while something is mapped, unmapped or synced, or a
 *         buffer shown to its user; written when the provider goes
 *         engine->areas_lock (never sleeps)
 */
#ifndef DMABENCH_H
#define DMABENCH_H

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "dmabench_uapi.h"
#include "slot.h"

#define DEFAULT_TIMEOUT_MS 5000
#define MAX_TIMEOUT_MS 60000
/* What an asked timeout means; the request itself stays as it was asked. */
#define TIMEOUT_MS(asked) min_t(u32, (asked) ?: DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS)
#define DEFAULT_DEPTH 16
#define MAX_DEPTH 256
/*
 * Of user memory short enough that copies of 1 MiB have something to overlap: the engine waits
 * for the first chunk to be pinned and mapped, the caller for the last to be released. Where
 * nothing is pinned, each descriptor less is a gain. Measured: see docs/performance.md.
 */
#define DEFAULT_CHUNK SZ_256K
#define DEFAULT_PIECE SZ_1M
#define MAX_CHUNK SZ_256M
#define MAX_BUFFER_BYTES BIT_ULL(BUFFER_WINDOW_SHIFT)

/* Each handle owns a window of the device's offsets, for mmap, pread and pwrite. */
#define BUFFER_WINDOW_SHIFT 32

/* 12 bits, so that the offsets of all windows fit in mmap2's 44 bits. */
#define MAX_HANDLE 4095

/* Longer ranges would overflow the int that counts pages on the way to the MMU. */
#define MAX_RANGE ((u64)INT_MAX << PAGE_SHIFT)

/* ---- engine.c --------------------------------------------------------- */

struct engine {
	struct list_head node;	/* in the list of open engines */
	refcount_t opens;	/* one more, for ever, when it is poisoned */
	struct list_head watch; /* those whose channel may go; under channels_lock */
	/* Not to be used without submit_lock, but by engine_status; nor after detached. */
	struct dma_chan *chan;
	struct dma_chan_dev *chan_dev; /* referenced; its chan is NULL once unregistered */
	struct device *provider;       /* whose channel it is; referenced */
	struct device *dev;	       /* the one that masters the bus; referenced */
	struct notifier_block notifier;
	struct dmabench_engine_info info; /* as it was when it was opened */
	int number[2];			  /* of the device and of the channel, as in its name */
	struct mutex submit_lock;	  /* see above */
	struct list_head requests;	  /* running on it, under submit_lock */
	struct list_head quarantine;	  /* what it may still write to; under submit_lock */
	atomic_t inflight;		  /* descriptors, on behalf of whomever */
	bool stopping;			  /* the channel is being stopped; under submit_lock */
	int poisoned;			  /* couldn't be stopped; never comes back */
	bool gone;			  /* is going, or went; under submit_lock */
	bool detached; /* the channel is the provider's again; under submit_lock */
	bool can_stop;
	bool ordered; /* cookies are completed in order, so they can be asked for */
	struct rw_semaphore map_sem;
	spinlock_t areas_lock;	/* the list below */
	struct list_head areas; /* mapped for it, under areas_lock */
	struct mutex coherent_lock;
	struct list_head coherent; /* buffers, under coherent_lock */
	unsigned int unheard;	   /* polled copies in a row without a last callback */
	size_t align;
	size_t min_len;		/* of one descriptor */
	size_t max_len;		/* likewise */
	unsigned int room;	/* for descriptors in flight; 0: a full channel says so itself */
	bool limited;		/* by min_len or room, as few are */
	size_t max_map;		/* of what is mapped in one piece */
	unsigned long boundary; /* mask no descriptor may cross */
};

struct engine *engine_get(const char *name);
void engine_put(struct engine *engine);
void engine_poison(struct engine *engine);

/* ---- channels.c ------------------------------------------------------- */

extern struct mutex engines_lock;
extern struct list_head engines; /* that are open; under engines_lock */

int engine_count(u32 *count);
int engine_list(struct dmabench_engine_info *info);
int engine_first_name(char *name, size_t size);
u32 engine_iommu(struct device *dev);
bool channel_stale(const struct dma_chan *chan);
struct dma_chan *channel_request(dma_filter_fn filter, void *param);
void channel_describe(struct dmabench_engine_info *info, struct dma_chan *chan);

static inline bool engine_poisoned(const struct engine *engine)
{
	return READ_ONCE(engine->poisoned);
}

static inline bool engine_usable(const struct engine *engine)
{
	return !engine_poisoned(engine) && !READ_ONCE(engine->gone);
}

/*
 * Locks that are free most of the time, without the look for others who want this CPU that
 * mutex_lock and down_read begin with: that is most of what they cost.
 */
static inline void lock_quickly(struct mutex *lock)
{
	might_lock(lock);
	if (!mutex_trylock(lock))
		mutex_lock(lock);
}

static inline void map_lock(struct engine *engine)
{
	might_lock_read(&engine->map_sem);
	if (!down_read_trylock(&engine->map_sem))
		down_read(&engine->map_sem);
}

static inline void map_unlock(struct engine *engine)
{
	up_read(&engine->map_sem);
}

/* ---- watch.c ---------------------------------------------------------- */

extern struct mutex channels_lock;

void watch_init(void (*going)(struct engine *engine));
void watch_exit(void);
bool watch_has_class(void);
int watch_class(typeof(((struct class_interface *)NULL)->class) class);
void watch_track(struct engine *engine);
int watch_begin(struct engine *engine);
void watch_end(struct engine *engine);

/* ---- withdraw.c ------------------------------------------------------- */

void engine_withdraw(struct engine *engine);

/* ---- limits.c --------------------------------------------------------- */

/* What a descriptor may be, and how many there may be at once; in bytes and descriptors. */
struct chan_limits {
	size_t align;	   /* of addresses and lengths; a power of two */
	size_t min_len;	   /* 0: any */
	size_t max_len;	   /* a multiple of align */
	unsigned int room; /* 0: not known, a full channel refuses */
};

void chan_limits(struct dma_chan *chan, struct chan_limits *limits);

/* ---- area.c: pages; pin.c: a caller's; map.c: their list and mapping ---- */

/*
 * For whatever may be large on behalf of a user: it is its control group's, and where there's
 * too little nobody else is made to pay for it.
 */
#define GFP_USER_MEMORY (GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/* What is little and gone with the request isn't worth an account. */
static inline gfp_t gfp_of_request(size_t bytes)
{
	return bytes > PAGE_SIZE ? GFP_USER_MEMORY : GFP_KERNEL;
}

/* A place in the list of mapped segments; see area_mark. */
struct mark {
	struct scatterlist *sg;
	u64 offset; /* of its first byte */
};

struct area {
	struct engine *engine;
	struct page **pages;
	unsigned long npages;
	unsigned long room;	  /* entries in pages */
	struct mm_struct *mm;	  /* whose pages; NULL: ours */
	struct user_struct *user; /* whom they are charged to; NULL: nobody */
	bool lasting;		  /* beyond one request */
	bool write;		  /* pinned for the engine to write */
	bool anonymous;		  /* pinned, and all of them are */
	unsigned long blocks;	  /* that ours are in */
	enum dma_data_direction dir;
	struct sg_table sgt;
	struct mark *marks; /* of a long list, for who begins in the midst of it */
	unsigned int nmarks;
	bool mapped;	       /* under map_sem */
	u64 len;	       /* bytes that are mapped */
	u64 lent_offset, lent; /* those that are the engine's to write; under map_sem */
	struct list_head node; /* in engine->areas while it is mapped */
};

/* For a list of its pages, or of anything like it. */
static inline gfp_t area_gfp(const struct area *area, unsigned long npages)
{
	return area->lasting ? GFP_USER_MEMORY
			     : gfp_of_request(npages * sizeof(struct scatterlist));
}

#define PIN_WRITE BIT(0)    /* the engine writes to it */
#define PIN_LONGTERM BIT(1) /* beyond this request */
#define PIN_NOWAIT BIT(2)   /* only what is there at once */

int area_pin(struct area *area, struct engine *engine, u64 addr, u64 len, unsigned int how);
void area_unpin(struct area *area, bool written);
int area_alloc(struct area *area, struct engine *engine, u64 size, int node);
int area_map(struct area *area, size_t offset, u64 len, enum dma_data_direction dir, bool lend);
int area_mark(struct area *area);
void area_unmap(struct area *area);
void area_lend(struct area *area, u64 offset, u64 len, bool write);
void area_take_back(struct area *area, bool written);
void areas_withdraw(struct engine *engine);
void area_release(struct area *area, bool written);
void area_free(struct area *area);

/* ---- overlap.c -------------------------------------------------------- */

struct buffer;
struct overlap_bytes;

/* By page, half empty. */
struct overlap_set {
	struct overlap_bytes *table; /* NULL: none yet */
	unsigned int bits;	     /* of its size */
	unsigned long count;
};

/* Of the source and the destination of a copy. Zero: nothing is known. */
struct overlap {
	struct overlap_set set[2];
};

#define OVERLAP_KEEP BIT(0)  /* for what is looked at later */
#define OVERLAP_FILES BIT(1) /* both sides are a caller's */

int overlap_find(struct overlap *overlap, int side, struct page *const *pages, u64 offset, u64 len,
		 unsigned int how);
void overlap_free(struct overlap *overlap);
int buffers_overlap(struct buffer *a, u64 a_offset, struct buffer *b, u64 b_offset, u64 len);

/* ---- buffer.c --------------------------------------------------------- */

enum object_type { OBJECT_ENGINE, OBJECT_BUFFER };

struct owner;

struct object {
	enum object_type type;
	u32 handle;
	struct owner *owner;		     /* who pays for it */
	void (*free)(struct object *object); /* a buffer, with its session */
};

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

struct session;
struct copy;

int buffer_create(struct session *session, struct dmabench_buffer *arg, void __user *out);
int buffer_destroy(struct session *session, const struct dmabench_destroy *arg);
void buffer_free(struct buffer *buffer);
void buffer_free_coherent(struct buffer *buffer);
void buffer_zap(struct buffer *buffer);
void buffer_quarantine(struct buffer *buffer);
struct buffer *buffer_find(struct session *session, u32 handle);
struct buffer *buffer_use(struct session *session, u32 handle);
void buffer_unuse(struct session *session, struct buffer *buffer);

/* ---- session.c -------------------------------------------------------- */

struct session_engine {
	struct object object;
	struct engine *engine;
};

struct session {
	struct inode *inode; /* its address space; see space.c */
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

/* ---- owner.c ---------------------------------------------------------- */

struct owner *owner_get(struct owner *likely);
void owner_put(struct owner *owner);
int owner_take_handle(struct owner *owner);
void owner_give_handle(struct owner *owner);
int owner_charge(struct owner *owner, u64 bytes);
void owner_uncharge(struct owner *owner, u64 bytes);
u64 owner_max_bytes(void);
u32 owner_max_handles(void);

/* ---- space.c ---------------------------------------------------------- */

int space_init(struct session *session, struct file *file);
void space_exit(struct session *session);

/* ---- request.c, slot.h, xfer.c ----------------------------------------- */

/* A copy as the engine sees it: descriptors first..next-1 are in flight. */
struct dma_request {
	struct rcu_head rcu;
	struct engine *engine;
	struct list_head node; /* in engine->requests, once it has had a descriptor */
	struct hlist_node by_id;
	u32 id;
	bool poll;
	bool timed;		     /* somebody wants to know how long descriptors take */
	bool refused;		     /* by an idle channel, since: */
	unsigned long refused_since; /* jiffies */
	unsigned long base;	     /* the tag that the copy it is used for begins with */
	unsigned long failed;	     /* behind the last that a callback said so of; base: none */
	unsigned long called;	     /* when polling: behind the last that was called back */
	unsigned long timeout;	     /* jiffies, for each wait */
	wait_queue_head_t wait;
	unsigned long first; /* only the owner's, as next is: nobody else looks */
	unsigned long next;
	unsigned long mask; /* slots - 1 */
	struct slot slots[];
};

struct dma_request *request_new(struct engine *engine, u32 depth, bool poll, u32 timeout_ms);
struct dma_request *request_renew(struct dma_request *req, struct engine *engine, u32 depth,
				  bool poll, u32 timeout_ms);
bool request_renewable(const struct dma_request *req);
void request_free(struct dma_request *req);
bool request_end(struct dma_request *req, unsigned long tag, bool failed);
void request_call_back(const struct dma_request *req, struct dma_async_tx_descriptor *tx);
int request_add(struct dma_request *req, dma_addr_t dst, dma_addr_t src, size_t len);
void request_issue(struct dma_request *req, unsigned long from);
bool request_reap(struct dma_request *req, int *err, u64 *latency);
int request_wait(struct dma_request *req);
int request_settle(struct dma_request *req);
bool request_over(struct dma_request *req);
bool request_done(struct dma_request *req, unsigned long *seen);
int request_result(struct dma_request *req);

static inline struct slot *request_slot(struct dma_request *req, unsigned long number)
{
	return &req->slots[number & req->mask];
}

/* Does request_settle have anything to do? */
static inline bool request_settles(const struct dma_request *req)
{
	return req->poll && req->engine->ordered;
}

static inline unsigned long request_inflight(const struct dma_request *req)
{
	return req->next - req->first;
}

static inline bool request_failed(const struct dma_request *req)
{
	return tag_before(req->base, READ_ONCE(req->failed));
}

/* Was the last descriptor called back? */
static inline bool request_heard(const struct dma_request *req)
{
	/* Pairs with tag_advance in descriptor_callback: failed is set by then. */
	return smp_load_acquire(&req->called) == (req->next & TAG_MASK);
}

/* ---- stop.c ----------------------------------------------------------- */

int request_quiesce(struct dma_request *req, int why);
int requests_stop(struct engine *engine);

/* ---- side.c, piece.c, copy.c, batch.c, mmap.c, rw.c ---------- */

/* Where the walk over a list of mapped segments stands. */
struct cursor {
	struct scatterlist *sg;
	dma_addr_t addr;
	size_t left;
};

/* One of the two ends of a copy. */
struct side {
	const struct dmabench_side *arg;
	u64 len;
	bool write;
	struct buffer *buffer; /* NULL for user memory */
	struct cursor cursor;
	u64 sg_pinned;
	u64 sg_mapped;
};

int sides_init(struct side *sides, struct session *session, struct engine *engine,
	       const struct dmabench_side *src, const struct dmabench_side *dst, u64 len);
void sides_exit(struct side *sides, struct session *session);
void side_start(struct side *side, u64 offset);
int side_overlaps(const struct side *sides, int i, const struct area *area, u64 offset, u64 len,
		  struct overlap *overlap);
int sides_begin(struct side *src, struct side *dst, u64 len);
void sides_end(struct side *src, struct side *dst);
void cursor_start(struct cursor *cursor, const struct area *area, u64 offset);
void cursor_join(struct cursor *cursor, size_t len);
void cursor_skip(struct cursor *cursor, u64 len);
size_t piece_length(const struct engine *engine, struct cursor *src, struct cursor *dst, u64 left);
int piece_add(struct dma_request *req, struct cursor *src, struct cursor *dst, u64 left,
	      size_t *done);

/* Only called while bytes of the copy are left, so there is a next segment. */
static inline void cursor_fill(struct cursor *cursor)
{
	if (cursor->left)
		return;
	cursor->sg = sg_next(cursor->sg);
	cursor->addr = sg_dma_address(cursor->sg);
	cursor->left = sg_dma_len(cursor->sg);
}

static inline void cursor_advance(struct cursor *cursor, size_t len)
{
	cursor->addr += len;
	cursor->left -= len;
}

int copy_ioctl(struct session *session, struct dmabench_copy __user *argp);
void copy_free(struct copy *copy);
int batch_ioctl(struct session *session, struct dmabench_batch *arg);
int dmabench_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);
long interrupted(long ret);
int dmabench_mmap(struct file *file, struct vm_area_struct *vma);
ssize_t dmabench_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t dmabench_write_iter(struct kiocb *iocb, struct iov_iter *from);

#endif /* DMABENCH_H */

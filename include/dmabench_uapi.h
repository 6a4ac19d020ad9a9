/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The interface of /dev/dmabench, shared by the kernel module and user space.
 *
 * An open file is a session. Engines and buffers that a session opened belong
 * to it and go with it. All lengths and offsets are bytes, all times are
 * nanoseconds of CLOCK_MONOTONIC unless a field says otherwise.
 *
 * Every request is copied in once. Fields marked (in) are read, fields marked
 * (out) are written, fields called reserved must be zero on input and are zero
 * on output. Unknown flag bits and non-zero reserved fields: EINVAL. Unknown
 * commands: ENOTTY. A pointer that can't be read or written: EFAULT.
 */
#ifndef DMABENCH_UAPI_H
#define DMABENCH_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define DMABENCH_DEVICE "/dev/dmabench"
#define DMABENCH_ABI_VERSION 2

#define DMABENCH_NAME_LEN 32
#define DMABENCH_DEVNAME_LEN 64

/* ---- INFO: ENOMEM when there is no room to list the engines ------------ */

struct dmabench_info {
	__u32 abi_version;	  /* (out) DMABENCH_ABI_VERSION */
	__u32 engine_count;	  /* (out) engines listed at this moment */
	__u32 max_depth;	  /* (out) descriptors in flight per copy, at most */
	__u32 max_handles;	  /* (out) engines plus buffers per user, at most */
	__u32 default_timeout_ms; /* (out) what timeout_ms = 0 means */
	__u32 max_timeout_ms;	  /* (out) longer ones are cut to this */
	__u64 max_coherent;	  /* (out) coherent and kernel bytes per user, at most */
	__u64 reserved[4];
};

/* ---- engines ---------------------------------------------------------- */

/* flags of an engine */
#define DMABENCH_ENGINE_IN_USE (1u << 0)    /* some session has it open */
#define DMABENCH_ENGINE_POISONED (1u << 1)  /* it couldn't be stopped: ENODEV */
#define DMABENCH_ENGINE_TERMINATE (1u << 2) /* the provider can be stopped */
/* What the driver's table knows of the provider (docs/engines.md); without KNOWN, nothing. */
#define DMABENCH_ENGINE_KNOWN (1u << 3)
#define DMABENCH_ENGINE_SERIAL (1u << 4)      /* it works on one descriptor at a time */
#define DMABENCH_ENGINE_QUEUED (1u << 5)      /* its hardware is given several */
#define DMABENCH_ENGINE_SILENT (1u << 6)      /* a failed descriptor looks like a done one */
#define DMABENCH_ENGINE_HANGS (1u << 7)	      /* a failed one, or one behind it, never ends */
#define DMABENCH_ENGINE_PREP_SLEEPS (1u << 8) /* preparing one may sleep */
#define DMABENCH_ENGINE_PREP_LOCKS (1u << 9)  /* a prepared one holds a lock until submitted */

/* who said so */
#define DMABENCH_BY_NOBODY 0	/* there is no such limit, or no word of it */
#define DMABENCH_BY_DEFAULT 1	/* the DMA API, for who says nothing */
#define DMABENCH_BY_PROVIDER 2	/* the engine's driver in the kernel */
#define DMABENCH_BY_TABLE 3	/* what this driver knows of the provider */
#define DMABENCH_BY_PARAMETER 4 /* who loaded this driver */

/* how the IOMMU stands between the engine and memory */
#define DMABENCH_IOMMU_NONE 0	  /* no IOMMU: bus address, perhaps offset or bounced */
#define DMABENCH_IOMMU_IDENTITY 1 /* passthrough */
#define DMABENCH_IOMMU_STRICT 2	  /* translated, invalidated at each unmap */
#define DMABENCH_IOMMU_LAZY 3	  /* translated, invalidated in batches */
#define DMABENCH_IOMMU_OTHER 4	  /* a domain that the kernel doesn't manage */

/* One channel that can do DMA_MEMCPY. index counts from 0; past the end: ENOENT. */
struct dmabench_engine_info {
	__u32 index;	/* (in) */
	__u32 flags;	/* (out) DMABENCH_ENGINE_* */
	__s32 node;	/* (out) NUMA node of the device, -1 unknown */
	__u32 align;	/* (out) bytes; addresses, lengths are multiples */
	__u64 max_len;	/* (out) bytes per descriptor, at most */
	__u64 dma_mask; /* (out) highest bus address it can reach */
	__u32 iommu;	/* (out) DMABENCH_IOMMU_* */
	__u32 reserved0;
	char name[DMABENCH_NAME_LEN];	   /* (out) channel, "dma0chan0" */
	char driver[DMABENCH_NAME_LEN];	   /* (out) provider, "ioatdma" */
	char device[DMABENCH_DEVNAME_LEN]; /* (out) device, "0000:00:04.0" */
	__u32 min_len;			   /* (out) bytes per descriptor, at least; 0: any */
	__u32 room;			   /* (out) descriptors in flight, at most; 0: not known */
	__u8 align_by;			   /* (out) DMABENCH_BY_*, who said align */
	__u8 min_len_by;		   /* (out) and min_len */
	__u8 max_len_by;		   /* (out) and max_len */
	__u8 room_by;			   /* (out) and room */
	__u32 reserved1;
	__u64 reserved[2];
};

/*
 * Open an engine by its channel name; the empty name takes the first that is
 * listed. Opening one twice in a session: EBUSY. Nothing listed, unknown name, or
 * poisoned: ENODEV. Held by another kernel client: EBUSY.
 */
struct dmabench_engine_open {
	char name[DMABENCH_NAME_LEN]; /* (in) NUL-terminated, else EINVAL */
	__u32 flags;		      /* (in) 0 */
	__u32 engine;		      /* (out) handle in this session */
	__u64 reserved[2];
};

/* ---- buffers ---------------------------------------------------------- */

#define DMABENCH_BUF_USER 0	  /* only as a side of a copy: pinned for that copy */
#define DMABENCH_BUF_REGISTERED 1 /* the caller's range, pinned and mapped once */
#define DMABENCH_BUF_COHERENT 2	  /* dma_alloc_coherent, mmap at mmap_offset */
#define DMABENCH_BUF_KERNEL 3	  /* kernel pages, streaming; pread, pwrite there */

/* flags: what the engine may do with it; at least one is needed */
#define DMABENCH_BUF_SOURCE (1u << 0) /* the engine reads it */
#define DMABENCH_BUF_DEST (1u << 1)   /* the engine writes it */

/*
 * Make a buffer for one engine. size 0 or above 2^31 - 1 pages, addr + size wrapping, an
 * unknown kind or a node that doesn't exist: EINVAL. A range that isn't mapped, doesn't allow
 * the access asked for or is a device's: EFAULT. Beyond RLIMIT_MEMLOCK, the caps
 * in INFO or memory, the caller's control group's too: ENOMEM.
 */
struct dmabench_buffer {
	__u32 engine;	 /* (in) handle of ENGINE_OPEN */
	__u32 kind;	 /* (in) DMABENCH_BUF_REGISTERED, _COHERENT or _KERNEL */
	__u32 flags;	 /* (in) DMABENCH_BUF_SOURCE and/or _DEST */
	__s32 node;	 /* (in) kernel: NUMA node, -1 any; others: -1 */
	__u64 addr;	 /* (in) registered: user address; others: 0 */
	__u64 size;	 /* (in) bytes */
	__u32 handle;	 /* (out) for COPY and BUFFER_DESTROY */
	__u32 sg_pinned; /* (out) scatter-gather entries before mapping */
	__u32 sg_mapped; /* (out) and after */
	__u32 reserved0;
	__u64 mmap_offset; /* (out) coherent, kernel: offset on the device */
	__u64 pin_ns;	   /* (out) registered: pinning; others: allocating */
	__u64 map_ns;	   /* (out) DMA mapping; coherent: 0 */
	__u64 reserved[4];
};

/* Unknown handle: EINVAL. In use by a copy, a sync, pread or pwrite, or still mmapped: EBUSY. */
struct dmabench_destroy {
	__u32 handle; /* (in) */
	__u32 flags;  /* (in) 0 */
};

/*
 * Hand bytes of a buffer to the engine and take them back, and copy nothing: what the DMA API's
 * syncs cost by themselves. The bytes stay as they are; who writes to them meanwhile may lose
 * what it wrote. EINVAL: unknown handle, a coherent buffer, len 0, a range that leaves the
 * buffer. EBUSY: an asynchronous copy has it. EINTR: a signal while another copy had it. Both
 * only where needed is 1; else a copy is neither in its way nor waited for. EINTR also: a signal
 * while pread, pwrite or another sync had it. ENODEV: the engine is gone or poisoned.
 */
struct dmabench_sync {
	__u32 handle;	 /* (in) of BUFFER_CREATE, registered or kernel */
	__u32 flags;	 /* (in) 0 */
	__u64 offset;	 /* (in) in the buffer */
	__u64 len;	 /* (in) bytes */
	__u64 device_ns; /* (out) to the engine: dma_sync_*_for_device */
	__u64 cpu_ns;	 /* (out) and back: dma_sync_*_for_cpu */
	__u32 needed;	 /* (out) 0: both see the same bytes at all times, a sync does nothing */
	__u32 reserved0;
	__u64 reserved[2];
};

/* ---- COPY ------------------------------------------------------------- */

struct dmabench_side {
	__u32 kind;   /* (in) DMABENCH_BUF_*; must match the handle's kind */
	__u32 handle; /* (in) of BUFFER_CREATE; user: 0 */
	__u64 addr;   /* (in) user: address; others: offset in the buffer */
};

/* flags of a copy */
#define DMABENCH_COPY_POLL (1u << 0)  /* poll for completion, don't sleep */
#define DMABENCH_COPY_TIMES (1u << 1) /* fill latency_ptr */

/*
 * Copy len bytes from src to dst and return when they are there.
 *
 * EINVAL: len 0; a range that wraps or leaves its buffer; sides that have a byte
 * of memory in common, at whatever addresses; a buffer made for another engine or
 * without the direction; chunk or length that the engine's alignment refuses; a
 * descriptor that the engine refuses though it has nothing to do; depth above
 * max_depth.
 * EFAULT: a user range that isn't mapped, doesn't allow the access or is a device's.
 * ENOMEM: MEMLOCK, memory or mapping space ran out, or others had all descriptors.
 * ETIMEDOUT: nothing finished within timeout_ms; the engine is quiet again.
 * EINTR: a signal's handler ran; the engine is quiet again.
 * EIO: the engine reported an error or a residue.
 * ENODEV: the engine is gone or poisoned.
 * On any error the destination's content is undefined; all else is as before.
 */
struct dmabench_copy {
	struct dmabench_side src; /* (in) */
	struct dmabench_side dst; /* (in) */
	__u64 len;		  /* (in) bytes */
	__u64 chunk;		  /* (in) bytes pinned and mapped at a time, 0: default */
	__u32 engine;		  /* (in) handle of ENGINE_OPEN */
	__u32 depth;		  /* (in) descriptors in flight, 0: default */
	__u32 flags;		  /* (in) DMABENCH_COPY_* */
	__u32 timeout_ms;	  /* (in) for each wait, 0: default, cut to the maximum */
	__u64 latency_ptr;	  /* (in) __u64[latency_count], else 0: ns from issue to
				   * completion of each descriptor in the order of submission */
	__u32 latency_count;	  /* (in) entries there is room for */
	__u32 latency_written;	  /* (out) entries written, the rest is untouched */

	__u64 total_ns;	     /* (out) the whole request in the kernel */
	__u64 pin_ns;	     /* (out) pinning user pages */
	__u64 map_ns;	     /* (out) building scatter-gather lists, mapping, syncing */
	__u64 submit_ns;     /* (out) preparing, submitting and issuing descriptors */
	__u64 wait_ns;	     /* (out) nothing to do but wait for the engine */
	__u64 unmap_ns;	     /* (out) unmapping, syncing back */
	__u64 unpin_ns;	     /* (out) dirtying and unpinning */
	__u64 copied;	     /* (out) bytes, len on success */
	__u64 chunks;	     /* (out) */
	__u64 descriptors;   /* (out) */
	__u64 sg_src_pinned; /* (out) entries of the source's lists before mapping */
	__u64 sg_src_mapped; /* (out) and after */
	__u64 sg_dst_pinned; /* (out) the same for the destination */
	__u64 sg_dst_mapped; /* (out) */
	__u64 reserved[4];
};

/* ---- BATCH ------------------------------------------------------------ */

#define DMABENCH_MAX_SEGMENTS 16384

/* One copy of a batch; offsets count from where its sides begin. */
struct dmabench_segment {
	__u64 src; /* (in) */
	__u64 dst; /* (in) */
	__u64 len; /* (in) */
};

/*
 * Copy a list of segments between two buffers in one request; return when all are there.
 * The errors are those of COPY, and EINVAL for: a user side; spans that have memory in
 * common or leave their buffers; no segments or more than DMABENCH_MAX_SEGMENTS; a segment that is
 * empty or leaves the span; two with a destination byte in common; what the engine's
 * alignment refuses.
 */
struct dmabench_batch {
	struct dmabench_side src; /* (in) registered, coherent or kernel */
	struct dmabench_side dst; /* (in) likewise */
	__u64 span;		  /* (in) bytes of each side that segments may lie in */
	__u64 segments_ptr;	  /* (in) struct dmabench_segment[segments] */
	__u32 segments;		  /* (in) */
	__u32 engine;		  /* (in) handle of ENGINE_OPEN */
	__u32 depth;		  /* (in) descriptors in flight, 0: default */
	__u32 flags;		  /* (in) DMABENCH_COPY_POLL or 0 */
	__u32 timeout_ms;	  /* (in) as in COPY */
	__u32 reserved0;

	__u64 total_ns;	   /* (out) the whole request in the kernel */
	__u64 list_ns;	   /* (out) copying in and checking the list */
	__u64 map_ns;	   /* (out) handing the buffers to the engine */
	__u64 submit_ns;   /* (out) preparing, submitting and issuing descriptors */
	__u64 wait_ns;	   /* (out) nothing to do but wait for the engine */
	__u64 unmap_ns;	   /* (out) handing the buffers back */
	__u64 copied;	   /* (out) bytes of all segments */
	__u64 descriptors; /* (out) */
	__u64 reserved[4];
};

/* ---- IORING_OP_URING_CMD ---------------------------------------------- */

#define DMABENCH_MAX_ASYNC 256 /* copies in flight per session, at most */

/*
 * What sqe->cmd holds; sqe->cmd_op is DMABENCH_URING_COPY. The copy must stay as it is
 * until the completion: one of io_uring's workers may read it. Nothing is written to it, and
 * the completion's res is 0 or -errno, as of COPY. Fields for chunks, depth, flags and
 * latencies must be 0, as must sqe->uring_cmd_flags, and kinds are user, registered or
 * coherent, else EINVAL; EINVAL too for more than max_depth descriptors, or than the engine
 * has room for. EBUSY: DMABENCH_MAX_ASYNC are in flight, the engine has no descriptor left,
 * or a buffer that needs syncing is on loan to another copy.
 */
struct dmabench_uring {
	__u64 copy_ptr; /* (in) struct dmabench_copy; timeout_ms counts from submission */
	__u64 reserved;
};

/* Nobody else's in the kernel's list of ioctl numbers; before version 2 it was 0xdb, which is. */
#define DMABENCH_IOC_MAGIC 0xe8
#define DMABENCH_IOC_INFO _IOR(DMABENCH_IOC_MAGIC, 0, struct dmabench_info)
#define DMABENCH_IOC_ENGINE_INFO _IOWR(DMABENCH_IOC_MAGIC, 1, struct dmabench_engine_info)
#define DMABENCH_IOC_ENGINE_OPEN _IOWR(DMABENCH_IOC_MAGIC, 2, struct dmabench_engine_open)
#define DMABENCH_IOC_BUFFER_CREATE _IOWR(DMABENCH_IOC_MAGIC, 3, struct dmabench_buffer)
#define DMABENCH_IOC_BUFFER_DESTROY _IOW(DMABENCH_IOC_MAGIC, 4, struct dmabench_destroy)
#define DMABENCH_IOC_COPY _IOWR(DMABENCH_IOC_MAGIC, 5, struct dmabench_copy)
#define DMABENCH_IOC_BATCH _IOWR(DMABENCH_IOC_MAGIC, 6, struct dmabench_batch)
#define DMABENCH_IOC_BUFFER_SYNC _IOWR(DMABENCH_IOC_MAGIC, 8, struct dmabench_sync)
/* Of IORING_OP_URING_CMD, not of ioctl. */
#define DMABENCH_URING_COPY _IOW(DMABENCH_IOC_MAGIC, 7, struct dmabench_copy)

/* The sizes are part of the interface; 32-bit and 64-bit callers agree. */
#if defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
#define DMABENCH_ASSERT_SIZE(type, bytes) \
	_Static_assert(sizeof(struct type) == (bytes), #type " has changed its size")
DMABENCH_ASSERT_SIZE(dmabench_info, 64);
DMABENCH_ASSERT_SIZE(dmabench_engine_info, 200);
DMABENCH_ASSERT_SIZE(dmabench_engine_open, 56);
DMABENCH_ASSERT_SIZE(dmabench_buffer, 104);
DMABENCH_ASSERT_SIZE(dmabench_destroy, 8);
DMABENCH_ASSERT_SIZE(dmabench_sync, 64);
DMABENCH_ASSERT_SIZE(dmabench_side, 16);
DMABENCH_ASSERT_SIZE(dmabench_copy, 224);
DMABENCH_ASSERT_SIZE(dmabench_segment, 24);
DMABENCH_ASSERT_SIZE(dmabench_batch, 168);
DMABENCH_ASSERT_SIZE(dmabench_uring, 16);
#undef DMABENCH_ASSERT_SIZE
#endif

#endif /* DMABENCH_UAPI_H */

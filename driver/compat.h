/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels, and nowhere else. Which way a kernel has it is found out by
 * compiling a line of each, in Kbuild, not by its version: distributions backport.
 */
#ifndef DMABENCH_COMPAT_H
#define DMABENCH_COMPAT_H

#include <linux/device.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/list.h>
#include <linux/mm.h>
#ifdef HAVE_IO_URING_CMD_H
#include <linux/io_uring/cmd.h>
#endif

/* Flags of a mapping that is being made. */
static inline void mapping_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
#ifdef HAVE_VM_FLAGS_SET
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

#ifndef HAVE_LIST_COUNT_NODES
static inline size_t list_count_nodes(const struct list_head *head)
{
	const struct list_head *pos;
	size_t count = 0;

	list_for_each(pos, head) count++;
	return count;
}
#endif

/*
 * A device of a kernel of 32 bits may be mapped from its first 4 GiB on only, unless it says that
 * its offsets go further: by a file's mode, later by a flag of its operations.
 */
static inline void offsets_widen(struct file *file)
{
#if BITS_PER_LONG == 32 && defined(FMODE_UNSIGNED_OFFSET)
	file->f_mode |= FMODE_UNSIGNED_OFFSET;
#endif
}

#if BITS_PER_LONG == 32 && defined(FOP_UNSIGNED_OFFSET)
#define WIDE_OFFSETS FOP_UNSIGNED_OFFSET
#endif

/* Take what remap_pfn_range mapped out of the page tables, under the mmap_lock. */
static inline void frames_zap(struct vm_area_struct *vma)
{
#ifdef HAVE_ZAP_SPECIAL_VMA_RANGE
	zap_special_vma_range(vma, vma->vm_start, vma->vm_end - vma->vm_start);
#else
	zap_vma_ptes(vma, vma->vm_start, vma->vm_end - vma->vm_start);
#endif
}

/* Defines NAME, for class_interface.remove_dev, which calls CALLED with the device that goes. */
#ifdef HAVE_REMOVE_DEV_OF_2
#define DEFINE_REMOVE_DEV(name, called)                                         \
	static void name(struct device *dev, struct class_interface *interface) \
	{                                                                       \
		called(dev);                                                    \
	}
#else
#define DEFINE_REMOVE_DEV(name, called)      \
	static void name(struct device *dev) \
	{                                    \
		called(dev);                 \
	}
#endif

/* The 16 bytes that a program put into the command's submission. */
static inline const void *uring_payload(const struct io_uring_cmd *cmd)
{
#ifdef HAVE_URING_CMD_SQE
	return cmd->sqe->cmd;
#else
	return cmd->cmd;
#endif
}

/* The command's flags that a program may set and the kernel lets pass. */
#ifdef IORING_URING_CMD_MASK
#define URING_USER_FLAGS IORING_URING_CMD_MASK
#else
#define URING_USER_FLAGS IORING_URING_CMD_FIXED
#endif

static inline void uring_done(struct io_uring_cmd *cmd, s32 result, unsigned int issue_flags)
{
#ifdef HAVE_URING_DONE_OF_3
	io_uring_cmd_done(cmd, result, issue_flags);
#else
	io_uring_cmd_done(cmd, result, 0, issue_flags);
#endif
}

/*
 * Defines NAME, to be handed to io_uring_cmd_complete_in_task, which calls CALLED with the
 * command and the flags to complete it with, in the submitter's task.
 */
#ifdef HAVE_URING_TASK_WORK_OF_REQUEST
#define DEFINE_URING_TASK_WORK(name, called)                                               \
	static void name(struct io_tw_req request, io_tw_token_t token)                    \
	{                                                                                  \
		called(io_uring_cmd_from_tw(request), IO_URING_CMD_TASK_WORK_ISSUE_FLAGS); \
	}
#else
#define DEFINE_URING_TASK_WORK(name, called)                                 \
	static void name(struct io_uring_cmd *cmd, unsigned int issue_flags) \
	{                                                                    \
		called(cmd, issue_flags);                                    \
	}
#endif

#endif /* DMABENCH_COMPAT_H */

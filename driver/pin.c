// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinning: a caller's pages, charged before they are pinned, and of the right kind.
 *
 * Which pages may be pinned, and which page it is that the caller will see later, differs from
 * kernel to kernel, and by the way the kernel happens to find a page. So what isn't anonymous
 * memory is looked at again here, and the answer is the same everywhere.
 */
#include <linux/backing-dev.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "area.h"
#include "engine.h"

/* At a time; on the stack. */
#define UNSHARE_PAGES 16UL
/* Somebody else may share pages again meanwhile, but not on and on. */
#define UNSHARE_TRIES 4

/*
 * All that a user pins, here and elsewhere in the kernel, is one sum under one limit. Who
 * may lock without limit isn't charged, so it takes nothing from the user's others.
 */
static int charge(struct area *area, unsigned long npages)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	struct user_struct *user = current_user();

	if (!capable(CAP_IPC_LOCK)) {
		long sum = atomic_long_read(&user->locked_vm);

		do {
			if (npages > limit || sum > limit - npages)
				return -ENOMEM;
		} while (!atomic_long_try_cmpxchg(&user->locked_vm, &sum, sum + npages));
		area->cred = get_current_cred();
	}
	/* For VmPin in /proc/PID/status. */
	atomic64_add(npages, &current->mm->pinned_vm);
	mmgrab(current->mm);
	area->mm = current->mm;
	return 0;
}

/* From the same owner, whoever makes us do it. */
static void uncharge(struct area *area, unsigned long npages)
{
	atomic64_sub(npages, &area->mm->pinned_vm);
	mmdrop(area->mm);
	area->mm = NULL;
	if (area->cred) {
		atomic_long_sub(npages, &area->cred->user->locked_vm);
		put_cred(area->cred);
	}
	area->cred = NULL;
}

static int pin_all(struct area *area, unsigned long addr, unsigned long npages, unsigned int flags)
{
	while (area->npages < npages) {
		int got = pin_user_pages_fast(addr + area->npages * PAGE_SIZE,
					      npages - area->npages, flags,
					      area->pages + area->npages);

		/* EOVERFLOW: its last page wraps, which no memory of a caller does. */
		if (got <= 0)
			return got == -EOVERFLOW ? -EFAULT : got ?: -EFAULT;
		area->npages += got;
	}
	return 0;
}

static struct address_space *mapping_of(struct page *page)
{
	return folio_mapping(page_folio(page));
}

static bool all_anonymous(const struct area *area)
{
	unsigned long i;

	for (i = 0; i < area->npages; i++) {
		if (!PageAnon(area->pages[i]))
			return false;
	}
	return true;
}

/* Neither anonymous nor of a file, as far as the page tells: a driver's, for one. */
static bool any_strange(const struct area *area)
{
	bool found = false;
	unsigned long i;

	/* The file may be truncated and let go of meanwhile; its inode is freed by RCU. */
	rcu_read_lock();
	for (i = 0; i < area->npages && !found; i++) {
		struct page *page = area->pages[i];

		found = !PageAnon(page) && !is_zero_pfn(page_to_pfn(page)) && !mapping_of(page);
	}
	rcu_read_unlock();
	return found;
}

/*
 * Pages of a file that is written back mustn't stay pinned for an engine to write: its
 * file system wouldn't learn of it. Newer kernels refuse to pin such pages and say
 * EFAULT; older ones don't, so that answer is given here.
 */
static bool any_written_back(const struct area *area)
{
	bool found = false;
	unsigned long i;

	rcu_read_lock();
	for (i = 0; i < area->npages && !found; i++) {
		struct page *page = area->pages[i];
		struct address_space *mapping = PageAnon(page) ? NULL : mapping_of(page);

		found = mapping && mapping_can_writeback(mapping);
	}
	rcu_read_unlock();
	return found;
}

/* What a walk over the caller's mappings of an area is for. */
struct walk {
	struct area *area;
	unsigned long addr; /* of the first page */
	unsigned long end;
	/* The next place where the page isn't the one that its owner would write to. */
	unsigned long shared;
	unsigned long shared_end;
	bool writable; /* the mapping there */
};

/* A driver's memory, coherent buffers of ours too: not pinned, though its pages could be. */
static bool is_device(const struct vm_area_struct *vma)
{
	return vma->vm_flags & (VM_IO | VM_PFNMAP);
}

/*
 * A private mapping shows its file's page, or the zero page, until its owner writes to it, which
 * gives it a page of its own, and an anonymous one.
 */
static bool find_shared(struct walk *walk, const struct vm_area_struct *vma)
{
	unsigned long at, end = min(walk->end, vma->vm_end);

	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) != VM_MAYWRITE)
		return false;
	for (at = max(walk->shared, vma->vm_start); at < end; at += PAGE_SIZE) {
		if (PageAnon(walk->area->pages[(at - walk->addr) >> PAGE_SHIFT]))
			continue;
		walk->shared = at;
		walk->shared_end = end;
		walk->writable = vma->vm_flags & VM_WRITE;
		return true;
	}
	return false;
}

/* Calls look for each mapping from an address on until it returns true. EAGAIN: not at once. */
static int walk_mappings(struct walk *walk, unsigned long from, bool nowait, bool *found,
			 bool (*look)(struct walk *walk, const struct vm_area_struct *vma))
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	*found = false;
	if (!mmap_read_trylock(mm)) {
		if (nowait)
			return -EAGAIN;
		if (mmap_read_lock_killable(mm))
			return -EINTR;
	}
	for (vma = find_vma(mm, from); vma && vma->vm_start < walk->end && !*found;
	     vma = find_vma(mm, vma->vm_end))
		*found = look(walk, vma);
	mmap_read_unlock(mm);
	return 0;
}

static bool look_for_device(struct walk *walk, const struct vm_area_struct *vma)
{
	return is_device(vma);
}

/*
 * Give the owner pages of its own from walk->shared on, as its first write to them would. Where
 * it may not write now, it still may some day (VM_MAYWRITE), and FOLL_FORCE says that this is
 * for a private mapping's own good; nothing is written.
 */
static int unshare(struct walk *walk)
{
	unsigned int flags = FOLL_WRITE | (walk->writable ? 0 : FOLL_FORCE);
	struct page *pages[UNSHARE_PAGES];

	while (walk->shared < walk->shared_end) {
		int count = min(UNSHARE_PAGES, (walk->shared_end - walk->shared) >> PAGE_SHIFT);

		if (fatal_signal_pending(current))
			return -EINTR;
		count = pin_user_pages_fast(walk->shared, count, flags, pages);
		if (count <= 0)
			return count ?: -EFAULT;
		unpin_user_pages(pages, count);
		walk->shared += (unsigned long)count << PAGE_SHIFT;
		cond_resched();
	}
	return 0;
}

/* Returns how many places were unshared, or an error. */
static int unshare_all(struct walk *walk)
{
	int count = 0, err;
	bool found;

	for (walk->shared = walk->addr;; count = 1) {
		err = walk_mappings(walk, walk->shared, false, &found, find_shared);
		if (err || !found)
			return err ?: count;
		err = unshare(walk);
		if (err)
			return err;
	}
}

static void unpin(struct area *area)
{
	unpin_user_pages(area->pages, area->npages);
	area->npages = 0;
}

/*
 * What stays pinned for the engine to read must be the page that its owner will write to. Newer
 * kernels see to that when they pin for long; older ones do for anonymous pages only.
 */
static int pin_own_pages(struct walk *walk, unsigned long npages, unsigned int flags)
{
	struct area *area = walk->area;
	int tries, err;

	for (tries = 0; tries < UNSHARE_TRIES; tries++) {
		err = unshare_all(walk);
		if (err <= 0)
			return err;
		unpin(area);
		err = pin_all(area, walk->addr, npages, flags);
		if (err)
			return err;
	}
	return -EFAULT;
}

/* Of pages that aren't all anonymous: are they what they must be? */
static int check_kinds(struct walk *walk, unsigned long npages, unsigned int how,
		       unsigned int flags)
{
	bool longterm = how & PIN_LONGTERM, write = how & PIN_WRITE, found = false;
	struct area *area = walk->area;
	int err = 0;

	if (any_strange(area))
		err = walk_mappings(walk, walk->addr, how & PIN_NOWAIT, &found, look_for_device);
	if (!err && (found || (write && longterm && any_written_back(area))))
		err = -EFAULT;
	if (!err && longterm && !write)
		err = pin_own_pages(walk, npages, flags);
	return err;
}

/* A list of pages, which is kept from chunk to chunk. */
static int reserve(struct area *area, unsigned long npages)
{
	if (npages <= area->room)
		return 0;
	kvfree(area->pages);
	area->room = 0;
	area->pages = kvmalloc_array(npages, sizeof(*area->pages), area_gfp(area, npages));
	if (!area->pages)
		return -ENOMEM;
	area->room = npages;
	return 0;
}

static int pin(struct area *area, u64 addr, unsigned long npages, unsigned int how)
{
	unsigned int flags = (how & PIN_WRITE ? FOLL_WRITE : 0) |
			     (how & PIN_LONGTERM ? FOLL_LONGTERM : 0) |
			     (how & PIN_NOWAIT ? FOLL_NOFAULT : 0);
	struct walk walk = { .area = area, .addr = untagged_addr((unsigned long)addr) & PAGE_MASK };
	int err;

	walk.end = walk.addr + npages * PAGE_SIZE;
	err = reserve(area, npages);
	if (!err)
		err = pin_all(area, walk.addr, npages, flags);
	area->anonymous = !err && all_anonymous(area);
	if (!err && !area->anonymous)
		err = check_kinds(&walk, npages, how, flags);
	if (err)
		unpin(area);
	/* Whoever may wait learns whether it is a fault. */
	return err == -EFAULT && how & PIN_NOWAIT ? -EAGAIN : err;
}

/*
 * how: PIN_*. Errors: ENOMEM by the limit or for want of memory, EFAULT, EINTR; with PIN_NOWAIT
 * EAGAIN, where it would have to wait for a page, or where an error must be found out by waiting.
 */
int area_pin(struct area *area, struct engine *engine, u64 addr, u64 len, unsigned int how)
{
	unsigned long npages = DIV_ROUND_UP(offset_in_page(addr) + len, PAGE_SIZE);
	int err;

	/* Before anything is charged: whoever asks for more than there is gets it refused. */
	if (npages > totalram_pages())
		return -ENOMEM;
	err = charge(area, npages);
	if (err)
		return err;
	area->engine = engine;
	area->npages = 0;
	area->lasting = how & PIN_LONGTERM;
	area->write = how & PIN_WRITE;
	err = pin(area, addr, npages, how);
	if (err)
		uncharge(area, npages);
	return err;
}

/* written: the engine was told to write to them. */
void area_unpin(struct area *area, bool written)
{
	unpin_user_pages_dirty_lock(area->pages, area->npages, area->write && written);
	uncharge(area, area->npages);
}

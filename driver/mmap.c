// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmap of coherent buffers.
 *
 * The file's offset says which buffer and where in it. The mapping holds the
 * file, and so the session and the buffer; the count keeps BUFFER_DESTROY off.
 */
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "compat.h"
#include "buffer.h"
#include "dmabench.h"
#include "engine.h"
#include "entry.h"
#include "session.h"

#define WINDOW_PAGES_SHIFT (BUFFER_WINDOW_SHIFT - PAGE_SHIFT)

/* What one call of mmap made, until the last piece of it is unmapped. */
struct view {
	struct list_head node; /* in buffer->views */
	struct buffer *buffer;
	struct mm_struct *mm;
	unsigned int pieces; /* under views_lock */
	bool zapped;	     /* or about to be; under views_lock */
};

static struct view *view_new(struct buffer *buffer, struct mm_struct *mm)
{
	struct view *view = kzalloc(sizeof(*view), GFP_KERNEL);

	if (!view)
		return NULL;
	view->buffer = buffer;
	view->mm = mm;
	view->pieces = 1;
	mmgrab(mm);
	atomic_inc(&buffer->mmaps);
	spin_lock(&buffer->views_lock);
	list_add(&view->node, &buffer->views);
	spin_unlock(&buffer->views_lock);
	return view;
}

static void view_put(struct view *view)
{
	struct buffer *buffer = view->buffer;
	bool last;

	spin_lock(&buffer->views_lock);
	last = !--view->pieces;
	if (last)
		list_del(&view->node);
	spin_unlock(&buffer->views_lock);
	if (!last)
		return;
	mmdrop(view->mm);
	kfree(view);
	/* The buffer can be destroyed from now on. */
	atomic_dec(&buffer->mmaps);
}

static void buffer_vm_open(struct vm_area_struct *vma)
{
	struct view *view = vma->vm_private_data;

	spin_lock(&view->buffer->views_lock);
	view->pieces++;
	spin_unlock(&view->buffer->views_lock);
}

static void buffer_vm_close(struct vm_area_struct *vma)
{
	view_put(vma->vm_private_data);
}

/* All pages are there from the start: whoever finds one missing gets SIGBUS. */
static const struct vm_operations_struct buffer_vm_ops = {
	.open = buffer_vm_open,
	.close = buffer_vm_close,
};

/* dma_mmap_coherent takes pgoff for the place in the buffer. */
static int fill_in(struct buffer *buffer, struct vm_area_struct *vma, unsigned long first)
{
	struct engine *engine = buffer->engine;
	unsigned long pgoff = vma->vm_pgoff;
	int err = -ENODEV;

	vma->vm_pgoff = first;
	map_lock(engine);
	if (engine_usable(engine))
		err = dma_mmap_coherent(engine->dev, vma, buffer->cpu, buffer->dma,
					PAGE_ALIGN(buffer->size));
	map_unlock(engine);
	vma->vm_pgoff = pgoff;
	return err;
}

static int map_buffer(struct buffer *buffer, struct vm_area_struct *vma)
{
	unsigned long window = vma->vm_pgoff >> WINDOW_PAGES_SHIFT << WINDOW_PAGES_SHIFT;
	unsigned long first = vma->vm_pgoff - window;
	unsigned long pages = DIV_ROUND_UP(buffer->size, PAGE_SIZE);
	vm_flags_t flags = VM_IO | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY;
	struct view *view;
	int err;

	if (buffer->kind != DMABENCH_BUF_COHERENT || first >= pages ||
	    vma_pages(vma) > pages - first)
		return -EINVAL;
	mapping_flags_set(vma, flags);
	view = view_new(buffer, vma->vm_mm);
	if (!view)
		return -ENOMEM;
	err = fill_in(buffer, vma, first);
	if (err) {
		view_put(view);
		return err;
	}
	vma->vm_private_data = view;
	vma->vm_ops = &buffer_vm_ops;
	return 0;
}

/* A view that wasn't looked at yet. Its mm is referenced. */
static struct mm_struct *next_mm(struct buffer *buffer)
{
	struct mm_struct *mm = NULL;
	struct view *view;

	spin_lock(&buffer->views_lock);
	list_for_each_entry(view, &buffer->views, node) {
		if (view->zapped)
			continue;
		view->zapped = true;
		mm = view->mm;
		mmgrab(mm);
		break;
	}
	spin_unlock(&buffer->views_lock);
	return mm;
}

static bool shows(const struct vm_area_struct *vma, const struct buffer *buffer)
{
	const struct view *view = vma->vm_private_data;

	return vma->vm_ops == &buffer_vm_ops && view->buffer == buffer;
}

/*
 * x86 keeps a mark at a mapping that has page frames, and warns when it finds the mark without
 * them. A piece that is just being split off, moved or unmapped has its own copy of the mark
 * already: with the lock held for writing there is none. Later pieces have no mark any more.
 */
static void zap_in(struct mm_struct *mm, const struct buffer *buffer)
{
	struct vm_area_struct *vma;

	mmap_write_lock(mm);
	for (vma = find_vma(mm, 0); vma; vma = find_vma(mm, vma->vm_end)) {
		if (shows(vma, buffer))
			frames_zap(vma);
	}
	mmap_write_unlock(mm);
}

/*
 * Take a buffer out of all page tables. Nobody fills it in any more, but a view that was
 * just filled in gets known to the address space only before its maker gives up its
 * mmap_lock. So this is not for those who hold a lock that is taken under that one.
 */
void buffer_zap(struct buffer *buffer)
{
	struct mm_struct *mm;

	if (!atomic_read(&buffer->mmaps))
		return;
	while ((mm = next_mm(buffer))) {
		zap_in(mm, buffer);
		mmdrop(mm);
	}
	/* What was mapped as pages, not as page frames. */
	unmap_mapping_range(buffer->session->inode->i_mapping,
			    (loff_t)buffer->object.handle << BUFFER_WINDOW_SHIFT,
			    PAGE_ALIGN(buffer->size), 1);
}

int dmabench_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct session *session = file->private_data;
	unsigned long handle = vma->vm_pgoff >> WINDOW_PAGES_SHIFT;
	struct buffer *buffer;
	int err;

	/* VM_SHARED goes missing when the file is read-only; VM_MAYSHARE doesn't. */
	if (!(vma->vm_flags & VM_MAYSHARE) || handle > U32_MAX)
		return -EINVAL;
	buffer = buffer_use(session, handle);
	if (!buffer)
		return -EINVAL;
	err = engine_usable(buffer->engine) ? map_buffer(buffer, vma) : -ENODEV;
	buffer_unuse(session, buffer);
	return err;
}

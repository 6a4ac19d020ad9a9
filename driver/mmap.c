// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmap of coherent buffers.
 *
 * The file's offset says which buffer and where in it. The mapping holds the
 * file, and so the session and the buffer; the count keeps BUFFER_DESTROY off.
 */
#include <linux/mm.h>

#include "dmabench.h"

#define WINDOW_PAGES_SHIFT (BUFFER_WINDOW_SHIFT - PAGE_SHIFT)

static void buffer_vm_open(struct vm_area_struct *vma)
{
	struct buffer *buffer = vma->vm_private_data;

	atomic_inc(&buffer->mmaps);
}

static void buffer_vm_close(struct vm_area_struct *vma)
{
	struct buffer *buffer = vma->vm_private_data;

	atomic_dec(&buffer->mmaps);
}

static const struct vm_operations_struct buffer_vm_ops = {
	.open = buffer_vm_open,
	.close = buffer_vm_close,
};

static int map_buffer(struct buffer *buffer, struct vm_area_struct *vma)
{
	unsigned long window = vma->vm_pgoff >> WINDOW_PAGES_SHIFT << WINDOW_PAGES_SHIFT;
	unsigned long first = vma->vm_pgoff - window;
	unsigned long pages = DIV_ROUND_UP(buffer->size, PAGE_SIZE);
	struct engine *engine = buffer->engine;
	vm_flags_t flags = VM_IO | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY;
	int err;

	if (buffer->kind != DMABENCH_BUF_COHERENT || first >= pages ||
	    vma_pages(vma) > pages - first)
		return -EINVAL;
#ifdef HAVE_VM_FLAGS_SET
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
	err = space_mapped_by(buffer->session, vma->vm_mm);
	if (err)
		return err;
	/* dma_mmap_coherent takes pgoff for the place in the buffer. */
	vma->vm_pgoff = first;
	down_read(&engine->map_sem);
	err = -ENODEV;
	if (engine_usable(engine))
		err = dma_mmap_coherent(engine->dev, vma, buffer->cpu, buffer->dma,
					PAGE_ALIGN(buffer->size));
	/* Who takes the buffer away counts its mappings after this. */
	if (!err)
		atomic_inc(&buffer->mmaps);
	up_read(&engine->map_sem);
	vma->vm_pgoff = window + first;
	if (err)
		return err;
	vma->vm_private_data = buffer;
	vma->vm_ops = &buffer_vm_ops;
	return 0;
}

/* All pages are there from the start: whoever finds one missing gets SIGBUS. */
void buffer_zap(struct buffer *buffer)
{
	if (atomic_read(&buffer->mmaps))
		space_zap(buffer->session, (loff_t)buffer->object.handle << BUFFER_WINDOW_SHIFT,
			  PAGE_ALIGN(buffer->size));
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

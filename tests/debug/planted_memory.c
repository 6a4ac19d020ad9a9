// SPDX-License-Identifier: GPL-2.0-only
/* Mistakes with memory. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "planted.h"

void leak(void)
{
	void *lost = kmalloc(LENGTH, GFP_KERNEL);

	memset(lost, 1, LENGTH);
}

/* As a device would that goes on writing: nothing the compiler adds sees it. */
static noinline __no_sanitize_address void write_page_unseen(u8 *page)
{
	*(volatile u64 *)(page + 64) = 0;
}

void write_freed_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL), *pages[64];
	int i, n = 0;

	if (!page)
		return;
	__free_page(page);
	write_page_unseen(page_address(page));
	/* It is looked at when somebody gets it. */
	while (n < ARRAY_SIZE(pages)) {
		pages[n] = alloc_page(GFP_KERNEL);
		if (!pages[n] || pages[n++] == page)
			break;
	}
	for (i = 0; i < n; i++)
		if (pages[i])
			__free_page(pages[i]);
}

void slab_beyond(void)
{
	u8 *slab = kmalloc(LENGTH, GFP_KERNEL);

	if (slab)
		sink = ((volatile u8 *)slab)[LENGTH + zero];
	kfree(slab);
}

void slab_freed(void)
{
	u8 *slab = kmalloc(LENGTH, GFP_KERNEL);

	kfree(slab);
	sink = ((volatile u8 *)slab)[zero];
}

void vmalloc_beyond(void)
{
	u8 *area = vmalloc(LENGTH);

	if (area)
		sink = ((volatile u8 *)area)[LENGTH + zero];
	vfree(area);
}

void stack_beyond(void)
{
	volatile u8 array[16] = { 0 };
	volatile u8 *past = array;

	sink = past[16 + zero];
}

void page_freed(void)
{
	u8 *page = (u8 *)__get_free_page(GFP_KERNEL);

	free_page((unsigned long)page);
	sink = ((volatile u8 *)page)[zero];
}

/* More than the slab object has, to a caller who takes it. */
void usercopy_beyond(void)
{
	u8 *slab = kmalloc(LENGTH, GFP_KERNEL);

	/* Where the compiler knows the size, it is seen before. */
	OPTIMIZER_HIDE_VAR(slab);
	if (slab && copy_to_user(caller_memory, slab, 2048 + zero))
		pr_info("planted: not copied\n");
	kfree(slab);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * One mistake for each check that the debug guest's kernel makes: writing a name to
 * /sys/kernel/debug/planted/bug makes that mistake, after a mark in the log. Only for the
 * test that must see each of them reported. It binds to QEMU's edu device for the ones about DMA.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "planted.h"

volatile int zero;
unsigned long sink;
struct device *planted_dev;
void __user *caller_memory;

static struct dentry *folder;

static const struct {
	const char *name;
	void (*make)(void);
} bugs[] = {
	{ "shift", shift },
	{ "bounds", bounds },
	{ "boolean", boolean },
	{ "list_twice", list_twice },
	{ "refcount_below", refcount_below },
	{ "free_active_timer", free_active_timer },
	{ "sleep_in_atomic", sleep_in_atomic },
	{ "preempted_cpu", preempted_cpu },
	{ "lock_order", lock_order },
	{ "rcu_unlocked", rcu_unlocked },
	{ "stuck_cpu", stuck_cpu },
	{ "stuck_task", stuck_task },
	{ "dma_unchecked", dma_unchecked },
	{ "dma_twice", dma_twice },
	{ "dma_size", dma_size },
	{ "dma_direction", dma_direction },
	{ "dma_kept", dma_kept },
	{ "leak", leak },
	{ "write_freed_page", write_freed_page },
	{ "slab_beyond", slab_beyond },
	{ "slab_freed", slab_freed },
	{ "vmalloc_beyond", vmalloc_beyond },
	{ "stack_beyond", stack_beyond },
	{ "page_freed", page_freed },
	{ "usercopy_beyond", usercopy_beyond },
};

static ssize_t bug_write(struct file *file, const char __user *text, size_t len, loff_t *pos)
{
	char name[32] = "";
	int i;

	if (len >= sizeof(name) || copy_from_user(name, text, len))
		return -EINVAL;
	caller_memory = (void __user *)text;
	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (strcmp(strim(name), bugs[i].name))
			continue;
		pr_info("planted: begin %s\n", bugs[i].name);
		bugs[i].make();
		return len;
	}
	return -ENOENT;
}

static const struct file_operations bug_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = bug_write,
};

static int planted_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	planted_dev = &pdev->dev;
	return dma_set_mask_and_coherent(planted_dev, DMA_BIT_MASK(32));
}

static void planted_remove(struct pci_dev *pdev)
{
	planted_dev = NULL;
}

static const struct pci_device_id planted_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, {} };

static struct pci_driver planted_driver = {
	.name = "planted",
	.id_table = planted_ids,
	.probe = planted_probe,
	.remove = planted_remove,
};

static int __init planted_init(void)
{
	folder = debugfs_create_dir("planted", NULL);
	/* Who makes the last mistake dies in it, and would hold a file of the safe kind for ever. */
	debugfs_create_file_unsafe("bug", 0200, folder, NULL, &bug_fops);
	return pci_register_driver(&planted_driver);
}

static void __exit planted_exit(void)
{
	pci_unregister_driver(&planted_driver);
	debugfs_remove(folder);
	rcu_barrier();
}

module_init(planted_init);
module_exit(planted_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mistakes for the debug guest to see");

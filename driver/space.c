// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session's address space: who has its buffers mapped.
 *
 * The device's own inode is shared by all who open it, and so would be its address
 * space: the same offsets, other buffers. With one for each session, a buffer can
 * be taken out of all page tables that show it, and nothing else with it.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "dmabench.h"

#define SPACE_MAGIC 0x646d6162

/* Kept until the session ends, so that readers need no lock. */
struct mapper {
	struct list_head node;
	struct mm_struct *mm;
};

static struct vfsmount *space_mount;
static int space_mounts;

static int space_fs_init(struct fs_context *context)
{
	return init_pseudo(context, SPACE_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type space_fs = {
	.name = "dmabench",
	.owner = THIS_MODULE,
	.init_fs_context = space_fs_init,
	.kill_sb = kill_anon_super,
};

int space_init(struct session *session, struct file *file)
{
	int err = simple_pin_fs(&space_fs, &space_mount, &space_mounts);

	if (err)
		return err;
	session->inode = alloc_anon_inode(space_mount->mnt_sb);
	if (IS_ERR(session->inode)) {
		simple_release_fs(&space_mount, &space_mounts);
		return PTR_ERR(session->inode);
	}
	mutex_init(&session->mappers_lock);
	INIT_LIST_HEAD(&session->mappers);
	file->f_mapping = session->inode->i_mapping;
	return 0;
}

void space_exit(struct session *session)
{
	struct mapper *mapper, *next;

	list_for_each_entry_safe(mapper, next, &session->mappers, node) {
		mmdrop(mapper->mm);
		kfree(mapper);
	}
	iput(session->inode);
	simple_release_fs(&space_mount, &space_mounts);
}

/* Note who is about to map something, under its mmap_lock. */
int space_mapped_by(struct session *session, struct mm_struct *mm)
{
	struct mapper *mapper;
	int err = 0;

	mutex_lock(&session->mappers_lock);
	list_for_each_entry(mapper, &session->mappers, node) {
		if (mapper->mm == mm)
			goto out;
	}
	mapper = kzalloc(sizeof(*mapper), GFP_KERNEL);
	if (!mapper) {
		err = -ENOMEM;
		goto out;
	}
	mmgrab(mm);
	mapper->mm = mm;
	list_add_tail_rcu(&mapper->node, &session->mappers);
out:
	mutex_unlock(&session->mappers_lock);
	return err;
}

/*
 * Take a range out of all page tables. Nobody may be filling it in any more, but a
 * mapping that was just filled in may not be known to the address space yet: it is as
 * soon as its maker gives up its mmap_lock. So not under a lock that is taken there.
 */
void space_zap(struct session *session, loff_t start, loff_t len)
{
	struct address_space *space = session->inode->i_mapping;
	struct mapper *mapper;

	list_for_each_entry_lockless(mapper, &session->mappers, node) {
		mmap_read_lock(mapper->mm);
		mmap_read_unlock(mapper->mm);
	}
	unmap_mapping_range(space, start, len, 1);
}

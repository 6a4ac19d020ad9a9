// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session's address space: who has its buffers mapped.
 *
 * The device's own inode is shared by all who open it, and so would be its address
 * space: the same offsets, other buffers. With one for each session, a buffer can
 * be taken out of all page tables that show it, and nothing else with it.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

#include "session.h"

#define SPACE_MAGIC 0x646d6162

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
	file->f_mapping = session->inode->i_mapping;
	return 0;
}

void space_exit(struct session *session)
{
	iput(session->inode);
	simple_release_fs(&space_mount, &space_mounts);
}

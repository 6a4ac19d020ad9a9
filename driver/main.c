// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/dmabench: lets user space time copies by any dmaengine channel.
 *
 * This file holds the character device and the entry of each ioctl. A request
 * is copied in once, here, and worked on as that copy only.
 */
#include <linux/compat.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "buffer.h"
#include "compat.h"
#include "dmabench.h"
#include "engine.h"
#include "entry.h"
#include "session.h"
#include "sync.h"

static int info_ioctl(void __user *argp)
{
	struct dmabench_info info = {
		.abi_version = DMABENCH_ABI_VERSION,
		.max_depth = MAX_DEPTH,
		.max_handles = owner_max_handles(),
		.default_timeout_ms = DEFAULT_TIMEOUT_MS,
		.max_timeout_ms = MAX_TIMEOUT_MS,
		.max_coherent = owner_max_bytes(),
	};
	int err = engine_count(&info.engine_count);

	if (err)
		return err;
	return copy_to_user(argp, &info, sizeof(info)) ? -EFAULT : 0;
}

static int engine_info_ioctl(void __user *argp)
{
	struct dmabench_engine_info info;
	int err;

	if (copy_from_user(&info, argp, sizeof(info)))
		return -EFAULT;
	if (info.reserved0 || info.reserved1 || any_set(info.reserved, ARRAY_SIZE(info.reserved)))
		return -EINVAL;
	err = engine_list(&info);
	if (err)
		return err;
	return copy_to_user(argp, &info, sizeof(info)) ? -EFAULT : 0;
}

static int engine_open_ioctl(struct session *session, void __user *argp)
{
	struct dmabench_engine_open arg;

	if (copy_from_user(&arg, argp, sizeof(arg)))
		return -EFAULT;
	return session_open_engine(session, &arg, argp);
}

static int buffer_create_ioctl(struct session *session, void __user *argp)
{
	struct dmabench_buffer arg;

	if (copy_from_user(&arg, argp, sizeof(arg)))
		return -EFAULT;
	return buffer_create(session, &arg, argp);
}

static int buffer_destroy_ioctl(struct session *session, void __user *argp)
{
	struct dmabench_destroy arg;

	if (copy_from_user(&arg, argp, sizeof(arg)))
		return -EFAULT;
	return buffer_destroy(session, &arg);
}

static int buffer_sync_ioctl(struct session *session, void __user *argp)
{
	struct dmabench_sync arg;
	int err;

	if (copy_from_user(&arg, argp, sizeof(arg)))
		return -EFAULT;
	err = buffer_sync(session, &arg);
	if (err)
		return err;
	return copy_to_user(argp, &arg, sizeof(arg)) ? -EFAULT : 0;
}

static int batch_ioctl_entry(struct session *session, void __user *argp)
{
	struct dmabench_batch arg;
	int err;

	if (copy_from_user(&arg, argp, sizeof(arg)))
		return -EFAULT;
	err = batch_ioctl(session, &arg);
	if (err)
		return err;
	return copy_to_user(argp, &arg, sizeof(arg)) ? -EFAULT : 0;
}

static long run_ioctl(struct session *session, unsigned int cmd, void __user *argp)
{
	switch (cmd) {
	case DMABENCH_IOC_INFO:
		return info_ioctl(argp);
	case DMABENCH_IOC_ENGINE_INFO:
		return engine_info_ioctl(argp);
	case DMABENCH_IOC_ENGINE_OPEN:
		return engine_open_ioctl(session, argp);
	case DMABENCH_IOC_BUFFER_CREATE:
		return buffer_create_ioctl(session, argp);
	case DMABENCH_IOC_BUFFER_DESTROY:
		return buffer_destroy_ioctl(session, argp);
	case DMABENCH_IOC_BUFFER_SYNC:
		return buffer_sync_ioctl(session, argp);
	case DMABENCH_IOC_COPY:
		return copy_ioctl(session, argp);
	case DMABENCH_IOC_BATCH:
		return batch_ioctl_entry(session, argp);
	default:
		return -ENOTTY;
	}
}

/*
 * Waiting ends for signals, and also where the thread has work to do for its io_uring. Nobody
 * sent a signal then, so nobody should see EINTR: the request is made again after that work.
 * It is made again, too, where the signal has no handler: the process was stopped and goes on,
 * or a debugger looked at it.
 */
long interrupted(long ret)
{
	if (ret != -EINTR)
		return ret;
	return task_sigpending(current) ? -ERESTARTNOHAND : -ERESTARTNOINTR;
}

static long dmabench_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return interrupted(run_ioctl(file->private_data, cmd, (void __user *)arg));
}

static int dmabench_open(struct inode *inode, struct file *file)
{
	struct session *session = session_new(file);

	if (IS_ERR(session))
		return PTR_ERR(session);
	file->private_data = session;
	offsets_widen(file);
	return 0;
}

static int dmabench_release(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	/* It has a request of an engine, which the session closes. */
	copy_free(session->spare);
	session_free(session);
	return 0;
}

static const struct file_operations dmabench_fops = {
	.owner = THIS_MODULE,
#ifdef WIDE_OFFSETS
	.fop_flags = WIDE_OFFSETS,
#endif
	.open = dmabench_open,
	.release = dmabench_release,
	.unlocked_ioctl = dmabench_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = dmabench_uring_cmd,
	.mmap = dmabench_mmap,
	.read_iter = dmabench_read_iter,
	.write_iter = dmabench_write_iter,
};

static struct miscdevice dmabench_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dmabench",
	.fops = &dmabench_fops,
	.mode = 0600,
};

static int __init dmabench_init(void)
{
	watch_init(engine_withdraw);
	return misc_register(&dmabench_device);
}
module_init(dmabench_init);

static void __exit dmabench_exit(void)
{
	misc_deregister(&dmabench_device);
	watch_exit();
}
module_exit(dmabench_exit);

MODULE_DESCRIPTION("Times copies by dmaengine channels");
MODULE_AUTHOR("The dmabench authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(DMABENCH_VERSION);

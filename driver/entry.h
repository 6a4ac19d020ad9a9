/* SPDX-License-Identifier: GPL-2.0-only */
/* What a user calls: main.c hands it here. */
#ifndef DMABENCH_ENTRY_H
#define DMABENCH_ENTRY_H

#include <linux/fs.h>

#include "session.h"

struct io_uring_cmd;

int copy_ioctl(struct session *session, struct dmabench_copy __user *argp);
void copy_free(struct copy *copy);
int batch_ioctl(struct session *session, struct dmabench_batch *arg);
int dmabench_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);
long interrupted(long ret);
int dmabench_mmap(struct file *file, struct vm_area_struct *vma);
ssize_t dmabench_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t dmabench_write_iter(struct kiocb *iocb, struct iov_iter *from);

#endif /* DMABENCH_ENTRY_H */

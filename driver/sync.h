/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SYNC_H
#define DMABENCH_SYNC_H

struct dmabench_sync;
struct session;

/* BUFFER_SYNC: 0 or -errno; the times are filled on success. */
int buffer_sync(struct session *session, struct dmabench_sync *arg);

#endif /* DMABENCH_SYNC_H */

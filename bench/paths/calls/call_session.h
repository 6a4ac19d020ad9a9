/* SPDX-License-Identifier: GPL-2.0-only */
/* What calls share: what must be there before them, and a path's row. */
#ifndef DMABENCH_CALL_SESSION_H
#define DMABENCH_CALL_SESSION_H

#include "paths/driver.h"
#include "paths/driver_path.h"

/* What a call needs to be there before it: an open device, an engine, a buffer. */
struct calls {
	int fd;
	__u32 engine;
	struct dmabench_engine_open open; /* a request for the same engine */
	struct dmabench_buffer buffer;
	void *own; /* of a call that needs more */
};

/* -errno, with what failed as the reason. */
int call_failed(struct copy_ctx *ctx, const char *what);

/* Setups, each with what the one before it has. 0 or -errno, ctx->reason set. */
int call_open_device(struct copy_ctx *ctx);
int call_open_engine(struct copy_ctx *ctx);
int call_with_buffer(struct copy_ctx *ctx, __u32 kind);
void call_close(struct copy_ctx *ctx);

/* A buffer of the case's size; a registered one is at the case's destination. */
struct dmabench_buffer call_buffer(const struct copy_ctx *ctx, __u32 kind);

/* Nothing is moved by most: what the runner checks is copied outside the window. */
int call_pull(struct copy_ctx *ctx);

#define CALL(id, title, text, prepare, call, to, from, more)             \
	const struct copy_path id = { .name = "call-" title,             \
				      .what = text,                      \
				      .class = CLASS_CALL,               \
				      .axes = AXIS_ENGINE_NAME | (more), \
				      .probe = driver_path_probe,        \
				      .setup = prepare,                  \
				      .submit = call,                    \
				      .push = to,                        \
				      .pull = from,                      \
				      .teardown = call_close }

#endif

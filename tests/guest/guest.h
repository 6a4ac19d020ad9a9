/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests that run inside the guest share: requests, ends of copies, counters. */
#ifndef GUEST_H
#define GUEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "dmabench_uapi.h"

#define PAGE 4096UL
#define BOTH (DMABENCH_BUF_SOURCE | DMABENCH_BUF_DEST)

/* A session with the engine that DMABENCH_TEST_ENGINE_DRIVER asks for. */
struct bench {
	int fd;
	uint32_t engine;
	struct dmabench_engine_info info;
};

int bench_setup(void **state);
int bench_teardown(void **state);
/* A new session with the engine that there is now. */
void bench_open(struct bench *bench);
/* One more with the same engine; its fd is to be closed. */
struct bench another_session(const struct bench *bench);

bool on_sim(const struct bench *bench);
void skip_unless_sim(const struct bench *bench);

/*
 * Whether copies of some MiB are no matter; whether a copy takes long enough for something
 * to happen meanwhile (on the simulator, if it is told to). QEMU's edu and PL330 are slow; its
 * other engines copy while they are being started.
 */
bool fast(const struct bench *bench);
void skip_if_instant(const struct bench *bench);

/* Nanoseconds. */
uint64_t now(void);

/* Not in each kernel: there is this file where it is. */
void skip_without(const char *path);

/* The next length or address that the engine can do. */
size_t fit(const struct bench *bench, size_t n);

/* These return 0 or the errno. */
int request(int fd, unsigned long cmd, void *arg);
int find_engine(int fd, struct dmabench_engine_info *info);
int open_engine(int fd, const char *name, uint32_t *handle);
int create(const struct bench *bench, uint32_t kind, void *addr, uint64_t size,
	   struct dmabench_buffer *buffer);
int destroy(int fd, uint32_t handle);
int copy(const struct bench *bench, struct dmabench_copy *arg);

/* A copy made by another thread: pthread_create(&thread, NULL, do_job, &job). */
struct job {
	const struct bench *bench;
	struct dmabench_copy arg;
	int err;
};

void *do_job(void *job);

/* A child that makes one copy and ends. */
pid_t copy_in_child(const struct bench *bench, void *dst, const void *src, uint64_t len);
/* A child that has done that, and now waits to be ended; it ends with its parent, too. */
pid_t child_that_did(void (*that)(void *arg), void *arg);

/* Copy len bytes of user memory, and see that they arrived. */
void copies_right(const struct bench *bench, void *dst, const void *src, uint64_t len);

struct dmabench_copy user_copy(void *dst, const void *src, uint64_t len);

/* Memory between two pages that nobody may touch; give it back with pages_free. */
char *pages(size_t size);
void pages_free(char *memory, size_t size);
void pattern(char *to, size_t size, unsigned int seed);

/* ---- kernel.c: what it says, and what it is told ------------------------ */

/*
 * Pages pinned in the whole guest: at this moment, and without what others have for a moment;
 * KiB of this process that are.
 */
long pins_now(void);
long pins(void);
/* Until pins_now() is wanted, or some seconds have passed: a copy beside this thread is at work. */
void wait_for_pins(long wanted);
long locked_kib(void);
/* How often the kernel has warned since it is up; 0 where it doesn't count. */
long kernel_warnings(void);

/* The number after name in a file of /proc or /sys; -1: it isn't there. */
long file_field(const char *file, const char *name);

/* Write text to a file of /sys or /proc; parameters of the loaded simulator. */
void put_file(const char *path, const char *text);
int put_parameter(const char *module, const char *name, const char *text);
void sim_set(const char *parameter, unsigned long value);

/*
 * What goes wrong with count descriptors of the simulator, 0: all, from the nth that is
 * asked for from now on; on channel, or -1: any. sim_fault_off ends it.
 */
void sim_fault(const char *what, unsigned long nth, unsigned long count, int channel);
void sim_fault_off(void);

/* "bind" or "unbind" the device of an engine. */
void bind_device(const struct dmabench_engine_info *info, const char *what);

/* dmabench with parameters: 0 or the errno. Nobody has it open then. */
int load_driver(const char *params);
void unload_driver(void);
/* ---- ends.c ------------------------------------------------------------ */

/* One end of a copy: a span of some kind, filled and looked at as a whole. */
struct end {
	uint32_t kind;
	uint32_t handle;
	uint64_t offset; /* on the device */
	size_t span;
	char *memory; /* as the caller sees it; NULL: a kernel buffer */
};

void end_make(const struct bench *bench, struct end *end, uint32_t kind, size_t span);
void end_drop(const struct bench *bench, struct end *end);
void end_fill(const struct bench *bench, struct end *end, const char *from);
void end_look(const struct bench *bench, const struct end *end, char *to);
struct dmabench_side end_side(const struct end *end, uint64_t offset);

#endif /* GUEST_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzzer of the interface of /dev/dmabench with a model that predicts each result.
 *
 * A call is a record of small random numbers, made without looking at anything
 * (generate.c). What it means is decided when it is made: numbers become handles,
 * addresses and lengths of what is there at that moment. So any part of a list of
 * calls is a valid list, which is what the minimiser needs. The model says which
 * results are allowed; the call is made; result and bytes are compared.
 *
 * A worker is a thread with its own sessions, memory and model: nobody else touches
 * those, so its predictions are exact. What workers share is fuzzed in shared.c.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "dmabench_uapi.h"
#include "pages.h"
#include "statistics/rng.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HOME_PAGES 16 /* these stay mapped as they are */
#define SHM_PAGES 8
#define POOL_PAGES 512
#define SESSIONS 2
#define BUFFERS 12
#define BUFFER_PAGES 5
#define MAX_ENGINES 64
#define SEGMENTS 64 /* of a batch that is right */
#define IN_FLIGHT 3 /* copies by io_uring in one call */
/* What is said of a leak, whenever it is seen. */
#define LEFT "more is pinned, charged or mapped than there are buffers for"
#define BOTH (DMABENCH_BUF_SOURCE | DMABENCH_BUF_DEST)

enum op {
	OP_OPEN,
	OP_CLOSE,
	OP_INFO,
	OP_ENGINE_INFO,
	OP_ENGINE_OPEN,
	OP_CREATE,
	OP_DESTROY,
	OP_COPY,
	OP_BATCH,
	OP_ASYNC,
	OP_PREAD,
	OP_PWRITE,
	OP_MMAP,
	OP_MEMORY,
	OP_STORE,
	OP_FORK,
	OP_KILL,
	OP_COMMAND,
	OP_SHARED,
	OP_SYNC,
	OPS
};

struct call {
	uint8_t op;
	uint8_t session;
	uint8_t choice; /* which of the things that op can do */
	uint8_t side[2];
	uint8_t argp;  /* where the request lies */
	uint8_t field; /* which field is spoilt; 0: none */
	uint8_t alarm; /* tens of microseconds until a signal; 0: none */
	uint16_t offset[2];
	uint32_t len;
	uint32_t extra; /* flags, depth, chunk … */
	uint64_t value; /* what the field is spoilt with; seed of bytes */
};

/* ---- generate.c ------------------------------------------------------- */

struct call generate(uint64_t *rng);

struct buffer {
	bool live;
	uint8_t session;
	uint8_t engine;
	uint32_t number; /* unique */
	uint32_t handle;
	uint32_t kind;
	uint32_t flags;
	uint64_t addr;
	uint64_t size;
	unsigned int pages;
	int16_t page[BUFFER_PAGES];
};

struct session {
	int fd; /* -1: closed */
	int mode;
	uint32_t engine[MAX_ENGINES]; /* handles, 0: not open */
	uint32_t opened;	      /* phase in which they were; see unbind.c */
};

/* What a set of results is allowed. */
struct expect {
	unsigned int count;
	int err[8];  /* 0: success */
	bool late;   /* EINVAL is seen when bytes may have moved */
	bool pinned; /* EINVAL is seen after the pinning, which a signal may end */
};

/* A copy by io_uring: what the submission queue's entry says. */
struct submission {
	uint32_t cmd;
	uint8_t flags; /* IOSQE_* */
	uint64_t address, reserved;
	struct dmabench_copy copy;
};

/* The last request made, to be printed. */
struct made {
	const char *name;
	int fd;
	unsigned long cmd;
	bool odd; /* the request lies at address, not in ordinary memory */
	uint64_t address;
	uint64_t number[5];
	bool request; /* the union holds one */
	union request {
		struct dmabench_info info;
		struct dmabench_engine_info engine_info;
		struct dmabench_engine_open open;
		struct dmabench_buffer buffer;
		struct dmabench_destroy destroy;
		struct dmabench_copy copy;
		struct dmabench_batch batch;
		struct dmabench_sync sync;
	} in;
	unsigned int submissions;
	struct submission submission[IN_FLIGHT];
};

struct world;

struct worker {
	struct world *world;
	unsigned int index;
	uint64_t rng;
	uint8_t *arena;
	uint8_t *landing;      /* an address where nothing is */
	uint8_t *box, *box_ro; /* requests that are half there; see request.c */
	int shm;
	int16_t shm_page[SHM_PAGES];
	struct place place[ARENA_PAGES];
	struct session session[SESSIONS];
	struct buffer buffer[BUFFERS];
	unsigned int next_number;
	unsigned int own, common; /* engines: ours alone; everybody's */
	bool child;		  /* forked off for one call */
	timer_t timer;
	bool failed;
	char what[256]; /* went wrong */
	uint8_t op;	/* being done */
	uint8_t of_session;
	uint32_t phase; /* when it began; see unbind.c */
	unsigned long index_of_call;
	struct made made;
	uint64_t calls[OPS], good[OPS], lost; /* lost: ENODEV */
	uint8_t scratch[ARENA_PAGES * PAGE];
	uint64_t latency[256];
	struct dmabench_segment segment[SEGMENTS];
	struct async *async; /* the ring; NULL: none */
	struct page pool[POOL_PAGES];
};

/* What all workers of a process know. */
struct world {
	const char *driver;
	uint64_t seed;
	uint32_t *phase; /* of a device that comes and goes, see unbind.c; NULL: it stays */
	bool trace;
	bool alone;	/* one worker: pins are its own */
	long pins;	/* before the first call */
	bool exclusive; /* each worker has a channel of its own */
	unsigned int engines;
	uint64_t nodes; /* with memory */
	struct dmabench_engine_info engine[MAX_ENGINES];
	struct dmabench_info info;
	int shared_fd;
	uint32_t shared_engine;
	uint32_t shared_handle[4];
	uint64_t shared_offset[4];
	pthread_mutex_t print;
};

/* ---- request.c -------------------------------------------------------- */

/* Where a request lies, and which accesses succeed there. */
struct where {
	void *address;
	bool readable, writable;
	uint8_t *real; /* where its bytes can be seen; NULL: nowhere */
};

struct where place_request(struct worker *w, const struct call *c, const void *request,
			   size_t size);
uint64_t hostile(uint64_t value);
uint64_t user_address(const struct worker *w, const struct call *c, unsigned int i);
int make(struct worker *w, const char *name, int fd, unsigned long cmd, const struct where *at,
	 const void *request, size_t size);
void allow(struct expect *e, int err);
bool allowed(const struct expect *e, int err);
bool any_open(const struct session *s);
bool judge(struct worker *w, const struct expect *e, int err);
bool untouched(struct worker *w, const struct where *at, const void *request, size_t size);
void alarm_on(struct worker *w, const struct call *c);
void alarm_off(struct worker *w, const struct call *c);

/* Say what went wrong; returns false. */
bool mismatch(struct worker *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- print.c ---------------------------------------------------------- */

void print_made(const struct worker *w, FILE *to);

/* ---- what calls do: each returns false on a mismatch ------------------ */

bool do_open(struct worker *w, const struct call *c);
bool do_close(struct worker *w, const struct call *c);
bool do_info(struct worker *w, const struct call *c);
bool do_engine_info(struct worker *w, const struct call *c);
bool do_engine_open(struct worker *w, const struct call *c);
bool do_create(struct worker *w, const struct call *c);
bool do_destroy(struct worker *w, const struct call *c);
bool do_sync(struct worker *w, const struct call *c);
bool do_copy(struct worker *w, const struct call *c);
bool do_batch(struct worker *w, const struct call *c);
bool do_async(struct worker *w, const struct call *c);
bool do_rw(struct worker *w, const struct call *c);
bool do_mmap(struct worker *w, const struct call *c);
bool do_memory(struct worker *w, const struct call *c);
bool do_store(struct worker *w, const struct call *c);
bool do_fork(struct worker *w, const struct call *c);
bool do_kill(struct worker *w, const struct call *c);
bool do_command(struct worker *w, const struct call *c);
bool do_shared(struct worker *w, const struct call *c);

void map_home(struct worker *w);
void buffer_gone(struct worker *w, struct buffer *b);
uint32_t any_engine(const struct worker *w, const struct call *c);
bool pick_buffer(const struct worker *w, unsigned int session, unsigned int from,
		 unsigned int *slot);

/* ---- calls_copy.c, for calls like it ---------------------------------- */

void choose_side(const struct worker *w, const struct call *c, unsigned int i, __u64 *len,
		 struct dmabench_side *side);
/* Fields 1 to 6 are theirs. */
bool spoil_sides(const struct call *c, struct dmabench_side *src, struct dmabench_side *dst);
struct dmabench_copy copy_request(struct worker *w, const struct call *c);
void tame_wait(const struct worker *w, unsigned int session, uint32_t engine, __u32 *timeout_ms,
	       __u32 *flags);
uint64_t reach(struct worker *w, unsigned int session, const struct dmabench_side *side,
	       uint64_t len, bool write, struct spans *spans);
bool check_copied(struct worker *w, unsigned int session, const struct dmabench_copy *arg, int err,
		  bool late);

/* ---- calls_alias.c ---------------------------------------------------- */

void alias_sides(const struct worker *w, const struct call *c, struct dmabench_copy *arg);

/* ---- unbind.c --------------------------------------------------------- */

bool unbind_start(struct world *world);
bool unbind_stop(struct world *world);
uint32_t unbind_phase(const struct world *world);
void unbind_opened(struct worker *w, struct session *s, bool first);
uint8_t unbind_instead(const struct worker *w, const struct call *c, bool engines);
void unbind_allow(const struct worker *w, struct expect *e);

/* ---- calls_async.c: false where there is no liburing ------------------ */

bool async_built(void);
bool async_open(struct worker *w);
void async_close(struct worker *w);

/* ---- world.c, worker.c ------------------------------------------------ */

bool world_open(struct world *world);
bool world_shared(struct world *world);
void world_close(struct world *world);
void worker_init(struct worker *w, struct world *world, unsigned int index, unsigned int workers);
bool worker_call(struct worker *w, const struct call *c);
bool worker_end(struct worker *w);

/* ---- minimise.c ------------------------------------------------------- */

int minimise(struct world *world, unsigned long calls);

#endif /* FUZZ_H */

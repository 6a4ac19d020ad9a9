/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Many processes copy and verify while they are killed, forked and signalled, their memory
 * is taken away under them, and the engine's device and the modules come and go.
 */
#ifndef STRESS_H
#define STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest.h"
#include "levels.h"
#include "statistics/rng.h"

#define MAX_LEN (6 * PAGE)

/* What all processes share. */
struct control {
	int stop;		     /* no bool: not every CPU exchanges single bytes */
	bool pause;		     /* let go of everything and wait */
	unsigned int parked;	     /* who did */
	bool unbinding;		     /* ENODEV is to be expected */
	unsigned long copies, bytes; /* verified */
	unsigned long gone;	     /* ENODEV seen */
	unsigned long interrupted, faulted;
	unsigned long kills, kills_amid, disturbed, sessions;
	unsigned long unbinds, refusals, reloads;
	char error[256]; /* the first one */
};

extern struct control *control;

#define COUNT(what, n) __atomic_add_fetch(&control->what, n, __ATOMIC_SEQ_CST)

/* Whether to go on; waits where all are to be parked. Nothing may be open. */
bool go_on(void);

/* Whether to let go of everything now. */
bool hurry(void);

/* Something that mustn't be: all stop. */
void bad(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether a result is one to be expected; ENODEV counts. allowed: another one. */
bool expected(const char *what, int err, int allowed);

/* ---- memory.c: ends of copies that bear a provider that goes ---------- */

struct session {
	int fd;
	uint32_t engine;
};

struct span {
	uint32_t kind, handle;
	uint64_t offset;
	char *memory; /* user, registered, coherent */
	size_t len;
};

int session_open(struct session *s, uint64_t *rng);
int span_make(const struct session *s, struct span *span, uint32_t kind, size_t len);
int span_drop(const struct session *s, struct span *span);
int span_fill(const struct session *s, const struct span *span, const char *from);
int span_look(const struct session *s, const struct span *span, char *to);
int span_copy(const struct session *s, const struct span *dst, const struct span *src, size_t len,
	      uint64_t *rng);
void catch_sigbus(void);

/* ---- who runs; each is a process ------------------------------------- */

void copier(uint64_t seed);    /* copies and verifies */
void signalled(uint64_t seed); /* so, under a signal each millisecond */
void churner(uint64_t seed);   /* many sessions, closed at any time */
void killer(uint64_t seed);    /* children, killed at any time */
void disturber(uint64_t seed); /* takes memory away under copies, forks */

/* One copy between kinds of memory, verified. 0 or an errno. */
int copy_once(const struct session *s, uint64_t *rng, int allowed);

/* ---- provider.c: what the parent does meanwhile ----------------------- */

void provider_step(const struct dmabench_engine_info *info, uint64_t *rng, unsigned int workers,
		   bool unbind);
bool reload(const struct dmabench_engine_info *info);
void set_speed(const struct dmabench_engine_info *info, unsigned long latency_ns,
	       unsigned long bandwidth);

#endif /* STRESS_H */

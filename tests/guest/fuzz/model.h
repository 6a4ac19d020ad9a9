/* SPDX-License-Identifier: GPL-2.0-only */
/* Which results are allowed, by the interface's text: model.c and model_copy.c. */
#ifndef MODEL_H
#define MODEL_H

#include "fuzz.h"

/* Longer than what an int of pages can count. */
#define LONGEST (0x7fffffffULL << 12)

struct expect only(int err);
uint64_t chunks_of(const struct dmabench_copy *arg);
bool zeros(const void *at, size_t size);
struct expect expect_pin(struct worker *w, uint64_t addr, uint64_t len, bool write);
struct buffer *find_buffer(struct worker *w, unsigned int session, uint32_t handle);
int find_engine_of(const struct session *s, uint32_t handle);
struct expect expect_engine_open(struct worker *w, unsigned int session,
				 const struct dmabench_engine_open *arg, int *engine);
struct expect expect_create(struct worker *w, unsigned int session,
			    const struct dmabench_buffer *arg);
struct expect expect_destroy(struct worker *w, unsigned int session,
			     const struct dmabench_destroy *arg);
struct expect expect_sync(struct worker *w, unsigned int session, const struct dmabench_sync *arg);
struct expect expect_copy(struct worker *w, unsigned int session, const struct dmabench_copy *arg);
struct expect expect_async(struct worker *w, unsigned int session,
			   const struct submission *submission, bool readable);
/* list: NULL where it can't be read. */
struct expect expect_batch(struct worker *w, unsigned int session, const struct dmabench_batch *arg,
			   const struct dmabench_segment *list);

#endif /* MODEL_H */

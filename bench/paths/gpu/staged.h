/* SPDX-License-Identifier: GPL-2.0-only */
/* A case of the GPU's paths: what it has of the driver, made before it and undone afterwards. */
#ifndef DMABENCH_STAGED_H
#define DMABENCH_STAGED_H

#include "../path.h"
#include "cuda.h"
#include "ring.h"
#include "watch.h"

/* What was made with the driver, in this order. */
struct made {
	bool context, ring, streams[2], done, registered[2];
	uint32_t filled, drained; /* events of so many slots */
};

struct staged {
	struct copy_ctx *ctx;
	struct cuda cuda;
	struct ring ring;
	struct watch watch;
	struct made made;
	const char *doing; /* for whoever is stuck */
	int device;
	cuda_address at;	  /* of the ring */
	void *up, *down;	  /* streams, to the GPU and from it */
	void *done;		  /* event: all of an operation is where it belongs */
	void **filled, **drained; /* events of each slot */
	bool each;
	atomic_bool lost;
	double unit_ns;
};

/* 0 or -errno with the case's reason: names the call. */
#define CALL(s, name, ...) \
	cuda_call(&(s)->cuda, (s)->ctx->reason, sizeof((s)->ctx->reason), name, __VA_ARGS__)

/* All of it; what can't be registered is known then, too. 0 or -errno with the case's reason. */
int staged_make(struct staged *s);

/* Whatever was made of it. Nothing may be under way any more. */
void staged_unmake(struct staged *s);

/* The buffers, in staged_make() and, where each operation has to, in it. Likewise. */
int staged_register_both(struct staged *s);
int staged_unregister_both(struct staged *s);

#endif

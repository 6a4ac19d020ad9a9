/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of providers beyond what they say. */
#ifndef DMABENCH_KNOWN_H
#define DMABENCH_KNOWN_H

#include <linux/types.h>

/* 0 in a field: nothing is known. */
struct known {
	const char *driver;
	u32 align;	/* of addresses and lengths, though it doesn't say so */
	u32 min_len;	/* what is shorter is refused for good */
	u32 max_len;	/* takes so much, though it doesn't say so */
	u32 never_over; /* neither told nor said lengths exceed this */
	u32 room;	/* descriptors there are before its prep waits for one */
	u32 flags;	/* DMABENCH_ENGINE_*: how it behaves */
	bool runs_on;	/* terminating it leaves what is under way to go on */
	bool no_result; /* callback_result stays in a descriptor for who gets it next */
};

const struct known *known_of(const char *driver);

#endif /* DMABENCH_KNOWN_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Latencies of single descriptors. The driver stamps and hands out each of them, so this
 * comes after the samples and is in none of them.
 */
#include <errno.h>
#include <stdlib.h>

#include "phase.h"

/* 32 MiB: as many pages as 16 GiB have. Beyond that they are counted as unrecorded. */
#define MOST_DESCRIPTORS (1u << 22)

/* The samples said how many an operation has; another operation may have a few more. */
static uint32_t room_for(const struct stage_sums *s)
{
	uint64_t room = s->ops ? 2 * (s->descriptors / s->ops) + 64 : 4096;

	return room < MOST_DESCRIPTORS ? (uint32_t)room : MOST_DESCRIPTORS;
}

int phase_descriptors(struct bench *b)
{
	struct launch_result *r = b->result;
	struct descriptor_record record = { .sums = &r->descriptors,
					    .hist = &r->descriptor_latency,
					    .room = room_for(&r->stages) };
	struct stretch s;
	int ret;

	if (!(b->c->path->axes & AXIS_ENGINE) || !b->config->descriptor_ns)
		return 0;
	record.ns = calloc(record.room, sizeof(*record.ns));
	if (!record.ns)
		return phase_end(b, LAUNCH_SKIPPED, "room for descriptor latencies", -ENOMEM);
	b->ctx.descriptors = &record;
	ret = phase_sample(b, b->config->descriptor_ns, NULL, &s);
	b->ctx.descriptors = NULL;
	free(record.ns);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Random calls. Nothing here knows what is open, mapped or there. */
#include "fuzz.h"

/* Out of 1000. */
static const unsigned int weight[OPS] = {
	[OP_OPEN] = 8,	       [OP_CLOSE] = 6,	  [OP_INFO] = 23,    [OP_ENGINE_INFO] = 40,
	[OP_ENGINE_OPEN] = 50, [OP_CREATE] = 150, [OP_DESTROY] = 90, [OP_COPY] = 240,
	[OP_BATCH] = 60,       [OP_ASYNC] = 40,	  [OP_PREAD] = 60,   [OP_PWRITE] = 60,
	[OP_MMAP] = 35,	       [OP_MEMORY] = 60,  [OP_STORE] = 20,   [OP_FORK] = 2,
	[OP_KILL] = 2,	       [OP_COMMAND] = 24, [OP_SHARED] = 15,  [OP_SYNC] = 15,
};

static uint8_t choose_op(uint64_t *rng)
{
	unsigned int at = rng_below(rng, 1000), op;

	for (op = 0; op < OPS - 1; op++) {
		if (at < weight[op])
			break;
		at -= weight[op];
	}
	return (uint8_t)op;
}

static uint16_t choose_offset(uint64_t *rng)
{
	static const uint16_t edges[] = { 0, 1, 2, 7, 8, 63, 64, 2048, 4088, 4094, 4095 };

	switch (rng_below(rng, 4)) {
	case 0:
		return (uint16_t)rng_below(rng, PAGE);
	case 1:
		return edges[rng_below(rng, sizeof(edges) / sizeof(edges[0]))];
	}
	return 0;
}

static uint32_t choose_len(uint64_t *rng)
{
	static const uint32_t edges[] = { 1, 2, 3, 4095, 4096, 4097, 8191, 8192, 8193, 12288 };

	switch (rng_below(rng, 4)) {
	case 0:
		return (uint32_t)rng_below(rng, 3 * PAGE) + 1;
	case 1:
		return edges[rng_below(rng, sizeof(edges) / sizeof(edges[0]))];
	}
	return (uint32_t)rng_below(rng, 512) + 1;
}

struct call generate(uint64_t *rng)
{
	struct call c = { .op = choose_op(rng) };

	c.session = (uint8_t)rng_below(rng, SESSIONS);
	c.choice = (uint8_t)rng_next(rng);
	c.side[0] = (uint8_t)rng_next(rng);
	c.side[1] = (uint8_t)rng_next(rng);
	c.argp = (uint8_t)(rng_below(rng, 16) ? 0 : rng_below(rng, 8));
	c.field = (uint8_t)(rng_below(rng, 4) ? 0 : rng_below(rng, 32));
	c.alarm = (uint8_t)(rng_below(rng, 64) ? 0 : rng_below(rng, 256));
	c.offset[0] = choose_offset(rng);
	c.offset[1] = choose_offset(rng);
	c.len = choose_len(rng);
	c.extra = (uint32_t)rng_next(rng);
	c.value = rng_next(rng);
	return c;
}

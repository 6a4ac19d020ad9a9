// SPDX-License-Identifier: GPL-2.0-only
#include "cache.h"

#include <stdint.h>

/* The shortest there is on the architecture. */
#if defined(__arm__)
#define LINE 32
#else
#define LINE 64
#endif

#if defined(__x86_64__)
#include <emmintrin.h>

#define CAN_EVICT true

static void evict_line(const void *p)
{
	_mm_clflush(p);
}

static void evict_done(void)
{
	_mm_mfence();
}
#elif defined(__aarch64__)
#define CAN_EVICT true

static void evict_line(const void *p)
{
	__asm__ volatile("dc civac, %0" : : "r"(p) : "memory");
}

static void evict_done(void)
{
	__asm__ volatile("dsb ish" : : : "memory");
}
#else
#define CAN_EVICT false

static void evict_line(const void *p)
{
	(void)p;
}

static void evict_done(void)
{
}
#endif

bool cache_can_evict(void)
{
	return CAN_EVICT;
}

void cache_evict(const void *start, size_t len)
{
	uintptr_t end = (uintptr_t)start + len;

	for (uintptr_t p = (uintptr_t)start & ~(uintptr_t)(LINE - 1); p < end; p += LINE)
		evict_line((const void *)p);
	evict_done();
}

void cache_touch(const void *start, size_t len)
{
	const volatile uint8_t *p = start;

	for (size_t i = 0; i < len; i += LINE)
		(void)p[i];
}

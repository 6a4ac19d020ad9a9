// SPDX-License-Identifier: GPL-2.0-only
/* The processor's own block move: microcode picks the width and the cache policy. */
#include <errno.h>
#include <stdio.h>

#include "../path.h"

#if defined(__x86_64__)
#include <cpuid.h>

#define ERMS (1u << 9) /* CPUID 7, EBX */

static int movsb_probe(const struct case_params *p, char *why, size_t len)
{
	unsigned int a, b, c, d;

	(void)p;
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & ERMS))
		return 0;
	snprintf(why, len, "this CPU has no fast rep movsb (ERMS)");
	return -EOPNOTSUPP;
}

static int movsb_submit(struct copy_ctx *ctx)
{
	void *dst = ctx->dst;
	const void *src = ctx->src;
	size_t size = ctx->params.size;

	__asm__ volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(size) : : "memory");
	return 0;
}
#else
static int movsb_probe(const struct case_params *p, char *why, size_t len)
{
	(void)p;
	snprintf(why, len, "rep movsb is an x86 instruction");
	return -EOPNOTSUPP;
}

static int movsb_submit(struct copy_ctx *ctx)
{
	(void)ctx;
	return -EOPNOTSUPP;
}
#endif

const struct copy_path path_movsb = {
	.name = "movsb",
	.what = "rep movsb, one thread (x86)",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.probe = movsb_probe,
	.submit = movsb_submit,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores that go past the caches: no line of the destination is read before it
 * is written, and nothing useful is thrown out. The widest vectors the CPU has.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../path.h"

/* Bytes a round moves; the destination is aligned to it, so each line is written whole. */
#define ROUND 256

typedef void (*rounds_fn)(uint8_t *dst, const uint8_t *src, size_t rounds);

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static void rounds_avx512(uint8_t *dst, const uint8_t *src,
							     size_t rounds)
{
	for (; rounds; rounds--, src += ROUND, dst += ROUND) {
		__m512i a = _mm512_loadu_si512(src), b = _mm512_loadu_si512(src + 64);
		__m512i c = _mm512_loadu_si512(src + 128), d = _mm512_loadu_si512(src + 192);

		_mm512_stream_si512((__m512i *)dst, a);
		_mm512_stream_si512((__m512i *)(dst + 64), b);
		_mm512_stream_si512((__m512i *)(dst + 128), c);
		_mm512_stream_si512((__m512i *)(dst + 192), d);
	}
	_mm_sfence();
}

__attribute__((target("avx2"))) static void rounds_avx2(uint8_t *dst, const uint8_t *src,
							size_t rounds)
{
	for (; rounds; rounds--, src += ROUND, dst += ROUND)
		for (int i = 0; i < ROUND; i += 64) {
			__m256i a = _mm256_loadu_si256((const __m256i *)(src + i));
			__m256i b = _mm256_loadu_si256((const __m256i *)(src + i + 32));

			_mm256_stream_si256((__m256i *)(dst + i), a);
			_mm256_stream_si256((__m256i *)(dst + i + 32), b);
		}
	_mm_sfence();
}

static void rounds_sse2(uint8_t *dst, const uint8_t *src, size_t rounds)
{
	for (; rounds; rounds--, src += ROUND, dst += ROUND)
		for (int i = 0; i < ROUND; i += 16)
			_mm_stream_si128((__m128i *)(dst + i),
					 _mm_loadu_si128((const __m128i *)(src + i)));
	_mm_sfence();
}

static rounds_fn best(void)
{
	if (__builtin_cpu_supports("avx512f"))
		return rounds_avx512;
	return __builtin_cpu_supports("avx2") ? rounds_avx2 : rounds_sse2;
}
#elif defined(__aarch64__)
static void rounds_neon(uint8_t *dst, const uint8_t *src, size_t rounds)
{
	for (size_t left = rounds * (ROUND / 64); left; left--, src += 64, dst += 64)
		__asm__ volatile("ldp q0, q1, [%1]\n\tldp q2, q3, [%1, #32]\n\t"
				 "stnp q0, q1, [%0]\n\tstnp q2, q3, [%0, #32]"
				 :
				 : "r"(dst), "r"(src)
				 : "v0", "v1", "v2", "v3", "memory");
	__asm__ volatile("dmb ishst" : : : "memory");
}

static rounds_fn best(void)
{
	return rounds_neon;
}
#else
#error "no non-temporal stores known for this architecture"
#endif

static rounds_fn rounds_best;

static int nt_setup(struct copy_ctx *ctx)
{
	(void)ctx;
	rounds_best = best();
	return 0;
}

static int nt_submit(struct copy_ctx *ctx)
{
	const uint8_t *src = ctx->src;
	uint8_t *dst = ctx->dst;
	size_t left = ctx->params.size;
	size_t head = -(uintptr_t)dst % ROUND;

	if (head > left)
		head = left;
	memcpy(dst, src, head);
	left -= head;
	if (left >= ROUND)
		rounds_best(dst + head, src + head, left / ROUND);
	head += left / ROUND * ROUND;
	memcpy(dst + head, src + head, left % ROUND);
	return 0;
}

const struct copy_path path_nt = {
	.name = "nt",
	.what = "non-temporal stores of the widest vectors, one thread",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.setup = nt_setup,
	.submit = nt_submit,
};

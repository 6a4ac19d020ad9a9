// SPDX-License-Identifier: GPL-2.0-only
/* Vector copies for x86: one template, three widths. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "copies.h"
#include "edges.h"

/*
 * In the first-level cache a loop's rate depends on where its code lies in the lines of the
 * program, by up to 5 %. So that is the same in each build, whatever else is linked.
 */
#define FROM_A_LINE __attribute__((aligned(LINE)))

/* Four lines at a time, for which SSE2 needs all of its registers. */
#define BITS 128
#define ROUND 256
#define TARGET __attribute__((target("sse2")))
#define VEC __m128i
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define STORE(p, v) _mm_store_si128((__m128i *)(p), v)
#define STREAM(p, v) _mm_stream_si128((__m128i *)(p), v)
#include "vector_x86.h"

#define BITS 256
#define ROUND 256
#define TARGET __attribute__((target("avx2")))
#define VEC __m256i
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_store_si256((__m256i *)(p), v)
#define STREAM(p, v) _mm256_stream_si256((__m256i *)(p), v)
#include "vector_x86.h"

#define BITS 512
#define ROUND 256
#define TARGET __attribute__((target("avx512f")))
#define VEC __m512i
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_store_si512(p, v)
#define STREAM(p, v) _mm512_stream_si512((__m512i *)(p), v)
#include "vector_x86.h"

#endif

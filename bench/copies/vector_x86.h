/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One width of vector copies. vector_x86.c includes it once for each, having defined
 * BITS, ROUND (bytes in registers at a time), TARGET, VEC, LOAD, STORE and STREAM.
 */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define NAME(what) PASTE(what, BITS)

/* bytes is a constant wherever this is inlined, so the loops become straight code. */
TARGET __attribute__((always_inline)) static inline void
NAME(move)(uint8_t *dst, const uint8_t *src, const size_t bytes, const bool past_caches)
{
	VEC v[ROUND / sizeof(VEC)];

#pragma GCC unroll 16
	for (size_t i = 0; i < bytes / sizeof(VEC); i++)
		v[i] = LOAD(src + i * sizeof(VEC));
#pragma GCC unroll 16
	for (size_t i = 0; i < bytes / sizeof(VEC); i++) {
		if (past_caches)
			STREAM(dst + i * sizeof(VEC), v[i]);
		else
			STORE(dst + i * sizeof(VEC), v[i]);
	}
}

/* dst is at a line's beginning. */
TARGET __attribute__((always_inline)) static inline void
NAME(copy_lines)(uint8_t *dst, const uint8_t *src, size_t size, const bool past_caches)
{
	for (; size >= ROUND; size -= ROUND, src += ROUND, dst += ROUND)
		NAME(move)(dst, src, ROUND, past_caches);
	for (; size >= LINE; size -= LINE, src += LINE, dst += LINE)
		NAME(move)(dst, src, LINE, past_caches);
	if (past_caches)
		_mm_sfence();
	copy_tail(dst, src, size);
}

/* Apart, so that a copy that begins at a line needs no stack. */
TARGET __attribute__((noinline)) static void NAME(copy_headed)(uint8_t *dst, const uint8_t *src,
							       size_t size)
{
	copy_head(&dst, &src, &size);
	NAME(copy_lines)(dst, src, size, false);
}

TARGET FROM_A_LINE void NAME(copy_vector)(uint8_t *dst, const uint8_t *src, size_t size,
					  size_t ahead)
{
	(void)ahead;
	if ((uintptr_t)dst % LINE)
		NAME(copy_headed)(dst, src, size);
	else
		NAME(copy_lines)(dst, src, size, false);
}

TARGET void NAME(copy_down)(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)ahead;
	copy_end(dst, src, &size);
	for (; size >= ROUND; size -= ROUND)
		NAME(move)(dst + size - ROUND, src + size - ROUND, ROUND, false);
	for (; size >= LINE; size -= LINE)
		NAME(move)(dst + size - LINE, src + size - LINE, LINE, false);
	copy_tail(dst, src, size);
}

TARGET void NAME(copy_nt)(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	copy_head(&dst, &src, &size);
	/* Nothing beyond the source is prefetched: it would be another thread's, or nobody's. */
	if (ahead)
		for (; size >= LINE + ahead; size -= LINE, src += LINE, dst += LINE) {
			_mm_prefetch((const char *)src + ahead, _MM_HINT_NTA);
			NAME(move)(dst, src, LINE, true);
		}
	NAME(copy_lines)(dst, src, size, true);
}

#undef NAME
#undef PASTE
#undef PASTE_
#undef BITS
#undef ROUND
#undef TARGET
#undef VEC
#undef LOAD
#undef STORE
#undef STREAM

// SPDX-License-Identifier: GPL-2.0-only
/* Vector copies for arm64: NEON pairs; stnp is a hint that the line won't be needed soon. */
#if defined(__aarch64__)
#include "copies.h"
#include "edges.h"

void copy_vector128(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)ahead;
	copy_head(&dst, &src, &size);
	for (; size >= LINE; size -= LINE, src += LINE, dst += LINE)
		__asm__ volatile("ldp q0, q1, [%1]\n\tldp q2, q3, [%1, #32]\n\t"
				 "stp q0, q1, [%0]\n\tstp q2, q3, [%0, #32]"
				 :
				 : "r"(dst), "r"(src)
				 : "v0", "v1", "v2", "v3", "memory");
	copy_tail(dst, src, size);
}

static inline void stream_line(uint8_t *dst, const uint8_t *src)
{
	__asm__ volatile("ldp q0, q1, [%1]\n\tldp q2, q3, [%1, #32]\n\t"
			 "stnp q0, q1, [%0]\n\tstnp q2, q3, [%0, #32]"
			 :
			 : "r"(dst), "r"(src)
			 : "v0", "v1", "v2", "v3", "memory");
}

void copy_nt128(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	copy_head(&dst, &src, &size);
	/* Nothing beyond the source is prefetched: it would be another thread's, or nobody's. */
	if (ahead)
		for (; size >= LINE + ahead; size -= LINE, src += LINE, dst += LINE) {
			__asm__ volatile("prfm pldl1strm, [%0]" : : "r"(src + ahead));
			stream_line(dst, src);
		}
	for (; size >= LINE; size -= LINE, src += LINE, dst += LINE)
		stream_line(dst, src);
	__asm__ volatile("dmb ishst" : : : "memory");
	copy_tail(dst, src, size);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What a thread does between two looks at a word that another CPU will write. */
#ifndef DMABENCH_PAUSE_H
#define DMABENCH_PAUSE_H

static inline void pause_cpu(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
	__asm__ volatile("yield");
#elif defined(__riscv)
	/* pause, by its number: an assembler that isn't told of Zihintpause refuses the name, and a
	 * CPU without takes it for a fence that orders nothing. */
	__asm__ volatile(".word 0x0100000f");
#else
	__asm__ volatile("" : : : "memory");
#endif
}

#endif

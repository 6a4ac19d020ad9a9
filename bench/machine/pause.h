/* SPDX-License-Identifier: GPL-2.0-only */
/* What a thread does between two looks at a word that another CPU will write. */
#ifndef DMABENCH_PAUSE_H
#define DMABENCH_PAUSE_H

static inline void pause_cpu(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#else
	__asm__ volatile("yield");
#endif
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instructions that a work queue wants, as bytes: assemblers of the distributions that this
 * is built on don't know all of them. Elsewhere than on x86-64 no CPU has them.
 */
#ifndef DMABENCH_DSA_CPU_H
#define DMABENCH_DSA_CPU_H

#include <stdbool.h>
#include <stdint.h>

struct dsa_cpu {
	bool x86, movdir64b, enqcmd, waitpkg;
};

#if defined(__x86_64__)

#include <cpuid.h>

static inline struct dsa_cpu dsa_cpu(void)
{
	struct dsa_cpu cpu = { .x86 = true };
	unsigned int a, b, c, d;

	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
		return cpu;
	cpu.waitpkg = c >> 5 & 1;
	cpu.movdir64b = c >> 28 & 1;
	cpu.enqcmd = c >> 29 & 1;
	return cpu;
}

/* Whatever was stored before is visible before what is stored after it. */
static inline void dsa_fence(void)
{
	__builtin_ia32_sfence();
}

/* 64 bytes to a portal at once: movdir64b (%rdx), %rax. */
static inline void dsa_movdir64b(void *portal, const void *descriptor)
{
	__asm__ volatile(".byte 0x66, 0x0f, 0x38, 0xf8, 0x02"
			 :
			 : "a"(portal), "d"(descriptor)
			 : "memory");
}

/* Likewise, with an answer: enqcmd (%rdx), %rax. False: there was no room. */
static inline bool dsa_enqcmd(void *portal, const void *descriptor)
{
	uint8_t full;

	__asm__ volatile(".byte 0xf2, 0x0f, 0x38, 0xf8, 0x02\n\tsetz %0"
			 : "=q"(full)
			 : "a"(portal), "d"(descriptor)
			 : "memory", "cc");
	return !full;
}

/* umonitor %rax */
static inline void dsa_umonitor(const volatile void *address)
{
	__asm__ volatile(".byte 0xf3, 0x0f, 0xae, 0xf0" : : "a"(address) : "memory");
}

/* umwait %ecx, in the lighter state, until the line is written to or the time stamp is reached. */
static inline void dsa_umwait(uint64_t deadline)
{
	__asm__ volatile(".byte 0xf2, 0x0f, 0xae, 0xf1"
			 :
			 : "c"(1), "a"((uint32_t)deadline), "d"((uint32_t)(deadline >> 32))
			 : "memory", "cc");
}

static inline uint64_t dsa_time_stamp(void)
{
	return __builtin_ia32_rdtsc();
}

#else

static inline struct dsa_cpu dsa_cpu(void)
{
	return (struct dsa_cpu){ 0 };
}

static inline void dsa_fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* None of these is reached where dsa_cpu() has nothing. */
static inline void dsa_movdir64b(void *portal, const void *descriptor)
{
	(void)portal;
	(void)descriptor;
}

static inline bool dsa_enqcmd(void *portal, const void *descriptor)
{
	(void)portal;
	(void)descriptor;
	return false;
}

static inline void dsa_umonitor(const volatile void *address)
{
	(void)address;
}

static inline void dsa_umwait(uint64_t deadline)
{
	(void)deadline;
}

static inline uint64_t dsa_time_stamp(void)
{
	return 0;
}

#endif

#endif

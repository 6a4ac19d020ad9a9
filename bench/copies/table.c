// SPDX-License-Identifier: GPL-2.0-only
#include "copies.h"

#include <stdio.h>

#if defined(__x86_64__)
#include <cpuid.h>

#define ERMS (1u << 9) /* CPUID 7, EBX: rep movsb is fast */

static bool has_erms(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & ERMS);
}

/* These ask the kernel's side too: it must save the registers (XGETBV). */
static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f");
}
#endif

static const struct copy_kernel kernels[] = {
	{ "libc", "the C library's memcpy", COPY_LIBC, 0, NULL, copy_libc, NULL },
#if defined(__x86_64__)
	{ "movsb", "rep movsb", COPY_MOVSB, 0, has_erms, copy_movsb, NULL },
	{ "movsq", "rep movsq", COPY_MOVSQ, 0, NULL, copy_movsq, NULL },
	{ "vector128", "SSE2 loads and stores", COPY_VECTOR, 128, NULL, copy_vector128,
	  copy_down128 },
	{ "vector256", "AVX2 loads and stores", COPY_VECTOR, 256, has_avx2, copy_vector256,
	  copy_down256 },
	{ "vector512", "AVX-512 loads and stores", COPY_VECTOR, 512, has_avx512, copy_vector512,
	  copy_down512 },
	{ "nt128", "SSE2, non-temporal stores", COPY_NT, 128, NULL, copy_nt128, NULL },
	{ "nt256", "AVX2, non-temporal stores", COPY_NT, 256, has_avx2, copy_nt256, NULL },
	{ "nt512", "AVX-512, non-temporal stores", COPY_NT, 512, has_avx512, copy_nt512, NULL },
#elif defined(__aarch64__)
	{ "vector128", "NEON loads and stores (ldp, stp)", COPY_VECTOR, 128, NULL, copy_vector128,
	  NULL },
	{ "nt128", "NEON, non-temporal stores (stnp)", COPY_NT, 128, NULL, copy_nt128, NULL },
#endif
};

const struct copy_table copy_table = { kernels, sizeof(kernels) / sizeof(kernels[0]) };

bool copy_kernel_usable(const struct copy_kernel *kernel)
{
	return !kernel->supported || kernel->supported();
}

const struct copy_kernel *copy_kernel_find(enum copy_family family, unsigned int bits)
{
	const struct copy_kernel *found = NULL;

	for (size_t i = 0; i < copy_table.count; i++) {
		const struct copy_kernel *k = &copy_table.kernels[i];

		if (k->family != family || (bits && k->bits != bits) || !copy_kernel_usable(k))
			continue;
		if (!found || k->bits > found->bits)
			found = k;
	}
	return found;
}

void copier_name(const struct copier *c, char *buf, size_t len)
{
	const char *apart = c->apart ? "-apart" : "";

	if (c->ahead)
		snprintf(buf, len, "%s+%zu%s", c->kernel->name, c->ahead, apart);
	else
		snprintf(buf, len, "%s%s", c->kernel->name, apart);
}

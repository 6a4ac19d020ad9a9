// SPDX-License-Identifier: GPL-2.0-only
/*
 * DPDK's rte_memcpy as a contestant of peers.sh, which compiles this against the
 * header of Debian's libdpdk-dev. Prints B/s: the median of some stretches over the same two buffers.
 *
 * usage: rte_memcpy BYTES MS_PER_STRETCH STRETCHES [FILE PART]
 *
 * With FILE its first half is the source and its second the destination, which several processes
 * share: each copies the bytes from PART times BYTES on.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include <rte_memcpy.h>

#define MOST_STRETCHES 99

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Pages that were written, as the other peers' are. */
static uint8_t *buffer(size_t size, int fill)
{
	void *p;

	if (posix_memalign(&p, 4096, size))
		exit(1);
	return memset(p, fill, size);
}

/* Part number part of both halves of a file, which others may have mapped too. */
static void share(const char *path, size_t part, size_t size, uint8_t **src, uint8_t **dst)
{
	int fd = open(path, O_RDWR);
	struct stat file;
	size_t half;
	uint8_t *p;

	if (fd < 0 || fstat(fd, &file))
		exit(1);
	half = (size_t)file.st_size / 2;
	if (part >= half / size)
		exit(2);
	p = mmap(NULL, half * 2, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		exit(1);
	*src = memset(p + part * size, 1, size);
	*dst = memset(p + half + part * size, 2, size);
}

static double seconds(uint8_t *dst, const uint8_t *src, size_t size, unsigned long copies)
{
	double start = now();

	for (unsigned long i = 0; i < copies; i++) {
		rte_memcpy(dst, src, size);
		/* Each copy counts, also those that nobody looks at. */
		__asm__ volatile("" : : "r"(dst), "r"(src) : "memory");
	}
	return now() - start;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	double rates[MOST_STRETCHES], want, took;
	unsigned long copies = 1;
	uint8_t *src, *dst;
	size_t size;
	int n;

	if (argc != 4 && argc != 6)
		return 2;
	size = strtoull(argv[1], NULL, 10);
	want = strtod(argv[2], NULL) / 1e3;
	n = atoi(argv[3]);
	if (!size || n < 1 || n > MOST_STRETCHES)
		return 2;
	if (argc == 6) {
		share(argv[4], strtoull(argv[5], NULL, 10), size, &src, &dst);
	} else {
		src = buffer(size, 1);
		dst = buffer(size, 2);
	}
	/* Warm up, and find how many copies a stretch takes. */
	for (took = seconds(dst, src, size, 1); took < want / 4;
	     took = seconds(dst, src, size, copies))
		copies *= 2;
	copies = (unsigned long)((double)copies * want / took) + 1;
	for (int i = 0; i < n; i++)
		rates[i] = (double)size * (double)copies / seconds(dst, src, size, copies);
	if (memcmp(dst, src, size))
		return 1;
	qsort(rates, (size_t)n, sizeof(rates[0]), ascending);
	printf("%.0f\n", rates[(n - 1) / 2]);
	return 0;
}

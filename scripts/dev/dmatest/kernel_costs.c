// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the kernel's own measurements of pinning and of mapping: gup_test (pin fast) and
 * dma_map_benchmark. Prints nanoseconds of the guest per page.
 *
 *   kernel_costs pin PAGES read|write     PAGES at a time
 *   kernel_costs map to|from              a page at a time
 */
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gup_test.h"
#include "map_benchmark.h"

#define DEBUGFS "/sys/kernel/debug/"
#define PAGE 4096UL
#define ALL_PAGES 8192UL
#define FOLL_WRITE 1

static void ask(const char *file, unsigned long cmd, void *arg)
{
	int fd = open(file, O_RDWR);

	if (fd < 0 || ioctl(fd, cmd, arg)) {
		perror(file);
		exit(1);
	}
	close(fd);
}

static void pin(unsigned int pages, int write)
{
	struct gup_test test = { 0 };
	void *memory = mmap(NULL, ALL_PAGES * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED || madvise(memory, ALL_PAGES * PAGE, MADV_NOHUGEPAGE))
		exit(1);
	memset(memory, 1, ALL_PAGES * PAGE);
	test.addr = (unsigned long)memory;
	test.size = ALL_PAGES * PAGE;
	test.nr_pages_per_call = pages;
	test.gup_flags = write ? FOLL_WRITE : 0;
	ask(DEBUGFS "gup_test", PIN_FAST_BENCHMARK, &test);
	if (test.size != ALL_PAGES * PAGE)
		exit(1);
	printf("pin %s %.1f unpin %.1f\n", write ? "write" : "read",
	       (double)test.get_delta_usec * 1000 / ALL_PAGES,
	       (double)test.put_delta_usec * 1000 / ALL_PAGES);
}

static void map(int from)
{
	struct map_benchmark test = {
		.threads = 1,
		.seconds = 1,
		.node = -1,
		.dma_bits = 44,
		.dma_dir = from ? DMA_MAP_FROM_DEVICE : DMA_MAP_TO_DEVICE,
		.granule = 1,
	};

	ask(DEBUGFS "dma_map_benchmark", DMA_MAP_BENCHMARK, &test);
	/* It cuts each time down to a multiple of 100 ns. */
	printf("map %s %llu unmap %llu\n", from ? "from" : "to",
	       (unsigned long long)test.avg_map_100ns * 100,
	       (unsigned long long)test.avg_unmap_100ns * 100);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "pin"))
		pin((unsigned int)atoi(argv[2]), !strcmp(argv[3], "write"));
	else if (argc == 3 && !strcmp(argv[1], "map"))
		map(!strcmp(argv[2], "from"));
	else
		return 2;
	return 0;
}

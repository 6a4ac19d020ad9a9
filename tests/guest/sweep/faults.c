// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's fault injection: all that a thread can be made to see, and the nth of them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "levels.h"
#include "sweep.h"

#define DEBUGFS "/sys/kernel/debug/"

/* Without these, allocations that may wait never fail, and each fault fills the log. */
static const struct {
	const char *file, *value;
} settings[] = {
	{ DEBUGFS "failslab/ignore-gfp-wait", "N" },
	{ DEBUGFS "failslab/verbose", "0" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ DEBUGFS "fail_page_alloc/min-order", "0" },
	{ DEBUGFS "fail_page_alloc/verbose", "0" },
	{ DEBUGFS "fail_usercopy/verbose", "0" },
};

static int nth_fd = -1;

static bool put(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY);
	bool ok = fd >= 0 && write(fd, value, 1) == 1;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool cache_fails(const char *name)
{
	char path[128], answer = '?';
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/failslab", name);
	fd = open(path, O_RDONLY);
	if (fd >= 0 && read(fd, &answer, 1) != 1)
		answer = '?';
	if (fd >= 0)
		close(fd);
	return answer == '1';
}

/*
 * That list is given up for good when it finds no memory for its radix tree. Where it is
 * kept, everything may fail but such nodes, which the boot argument
 * slub_debug=A;-,radix_tree_node sees to; a boot with dma_debug=off has those too.
 */
static bool spare_radix_nodes(void)
{
	return cache_fails("kmalloc-64") && cache_fails("kmalloc-1k") &&
	       !cache_fails("radix_tree_node") && put(DEBUGFS "failslab/cache-filter", "Y");
}

/* NULL, or what this kernel lacks. */
const char *faults_missing(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!put(settings[i].file, settings[i].value))
			return settings[i].file;
	}
	if (mappings_listed() && !spare_radix_nodes())
		return "boot argument slub_debug=A;-,radix_tree_node";
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return nth_fd >= 0 ? NULL : "/proc/thread-self/fail-nth";
}

/* From now on; the nth thing that can fail does. */
void faults_arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	assert_int_equal(pwrite(nth_fd, text, (size_t)len, 0), len);
}

/* Reading and writing the counter can fail by it too; then it wasn't spent before. */
bool faults_disarm(void)
{
	char text[16] = "";
	bool spent = pread(nth_fd, text, sizeof(text) - 1, 0) > 0 && !strncmp(text, "0\n", 2);

	while (pwrite(nth_fd, "0", 1, 0) != 1)
		;
	return spent;
}

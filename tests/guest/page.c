/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says about the page behind an address of ours; see page.h. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "page.h"

#define FRAME_BITS 55
#define IS_PRESENT 63
#define IS_DIRTY 4

static uint64_t entry(const char *file, uint64_t number)
{
	int fd = open(file, O_RDONLY);
	uint64_t value;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &value, sizeof(value), (off_t)(number * sizeof(value))),
			 sizeof(value));
	close(fd);
	return value;
}

uint64_t page_frame(const void *address)
{
	uint64_t page = entry("/proc/self/pagemap", (uintptr_t)address / PAGE);

	return page >> IS_PRESENT ? page & ((1ULL << FRAME_BITS) - 1) : 0;
}

bool page_is_dirty(const void *address)
{
	uint64_t frame = page_frame(address);

	assert_true(frame > 0);
	return entry("/proc/kpageflags", frame) >> IS_DIRTY & 1;
}

/* Whether frame lies in a movable zone; any: whether there is one. */
static bool in_movable_zone(uint64_t frame, bool *any)
{
	FILE *f = fopen("/proc/zoneinfo", "r");
	uint64_t spanned = 0, start;
	bool movable = false, found = false;
	char line[256], name[32];

	*any = false;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "Node %*d, zone %31s", name) == 1)
			movable = !strcmp(name, "Movable");
		else if (movable && sscanf(line, " spanned %" SCNu64, &spanned) == 1)
			*any = *any || spanned;
		else if (movable && sscanf(line, " start_pfn: %" SCNu64, &start) == 1)
			found = found || (frame >= start && frame - start < spanned);
	}
	fclose(f);
	return found;
}

bool have_movable_zone(void)
{
	bool any;

	in_movable_zone(0, &any);
	return any;
}

bool page_in_movable_zone(const void *address)
{
	bool any;

	return in_movable_zone(page_frame(address), &any);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* A dedicated DSA queue that isn't there: the test itself takes work out of its portal and does it. */
#ifndef DMABENCH_DSA_STAND_IN_H
#define DMABENCH_DSA_STAND_IN_H

#include "fake_machine.h"

#include <fcntl.h>
#include <linux/idxd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "paths/dsa/dsa_place.h"

#define SLOTS 64

static struct dsa_hw_desc *slots;

static inline int make_queue(void **state)
{
	char path[96];
	int fd;

	if (fresh_folder(state))
		return -1;
	machine("dsa");
	put("/sys/bus/dsa/devices/dsa0/op_cap", "0000000a\n");
	put("/sys/bus/dsa/devices/wq0.0/type", "user\n");
	put("/sys/bus/dsa/devices/wq0.0/state", "enabled\n");
	put("/sys/bus/dsa/devices/wq0.0/mode", "dedicated\n");
	put("/sys/bus/dsa/devices/wq0.0/size", "64\n");
	put("/sys/bus/dsa/devices/wq0.0/max_transfer_size", "2097152\n");
	put("/sys/bus/dsa/devices/wq0.0/max_batch_size", "32\n");
	setenv(DSA_DEVICES_VARIABLE, root, 1);
	setenv(DSA_STORE_VARIABLE, "1", 1);
	snprintf(path, sizeof(path), "%s/wq0.0", root);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, 4096))
		return -1;
	slots = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return slots == MAP_FAILED;
}

static inline int drop_queue(void **state)
{
	munmap(slots, 4096);
	unsetenv(DSA_DEVICES_VARIABLE);
	unsetenv(DSA_STORE_VARIABLE);
	return drop_folder(state);
}

static inline void copy_one(const struct dsa_hw_desc *d)
{
	memcpy((void *)(uintptr_t)d->dst_addr, (void *)(uintptr_t)d->src_addr, d->xfer_size);
}

/* All that was handed over. How many copies. */
static inline unsigned int be_the_device(void)
{
	unsigned int copies = 0;

	for (int i = 0; i < SLOTS; i++) {
		struct dsa_hw_desc d = slots[i];
		const struct dsa_hw_desc *list = (void *)(uintptr_t)d.desc_list_addr;
		uint32_t n = d.opcode == DSA_OPCODE_BATCH ? d.desc_count : 1;

		if (!d.opcode)
			continue;
		memset(&slots[i], 0, sizeof(slots[i]));
		for (uint32_t k = 0; k < n; k++)
			copy_one(n > 1 ? &list[k] : &d);
		((struct dsa_completion_record *)(uintptr_t)d.completion_addr)->status = 1;
		copies += n;
	}
	return copies;
}

#if !defined(__x86_64__)
static void dsa_is_a_device_of_x86(void **state)
{
	(void)state;
	skip();
}

/* What main() of a test of it is elsewhere. */
static inline int run_without_dsa(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(dsa_is_a_device_of_x86) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif

#endif

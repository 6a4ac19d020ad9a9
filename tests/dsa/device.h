/* SPDX-License-Identifier: GPL-2.0-only */
/* What a DSA device does with a descriptor, and what it is to do wrong. */
#ifndef TESTS_DSA_DEVICE_H
#define TESTS_DSA_DEVICE_H

#include <linux/idxd.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* Stopped copies that it can tell the rest of. */
#define HELD 4096

/* As the emulator's arguments have them. */
extern struct faults {
	unsigned long fault_every, fault_at, zero, status, status_at, never, late_ms, late_at;
	unsigned long short_at, list_fails, list_faults, gone, hold_ms;
	bool has_fault_at, write, backwards, lie, list_silent;
} faults;

/* What was done. */
extern struct done {
	unsigned long copies, lists, faults, most, resumed, late_written, late_lost;
	unsigned long with_cc, with_bof, largest, longest_list;
} did;

void sleep_ms(unsigned long ms);

/* The descriptor of whoever has this node open. */
void perform(const struct stat *node, const struct dsa_hw_desc *d);

#endif

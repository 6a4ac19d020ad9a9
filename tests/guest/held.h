/* SPDX-License-Identifier: GPL-2.0-only */
/* The simulator as a provider that holds a lock from preparing a descriptor to its submission. */
#ifndef HELD_H
#define HELD_H

#include "guest.h"

static long warnings;

static inline void hold(const struct bench *bench)
{
	if (!on_sim(bench))
		return;
	warnings = kernel_warnings();
	sim_set("held_wrongly", 0);
	sim_set("holds", 1);
}

static inline void hold_no_more(const struct bench *bench)
{
	if (!on_sim(bench))
		return;
	sim_fault_off();
	sim_set("holds", 0);
}

/* Slept, or asked for another descriptor. */
static inline void nobody_did_wrong(void)
{
	assert_int_equal(file_field("/sys/module/dmabench_sim/parameters/held_wrongly", ""), 0);
	assert_int_equal(kernel_warnings(), warnings);
}

#endif /* HELD_H */

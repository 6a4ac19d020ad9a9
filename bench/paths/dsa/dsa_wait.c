// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_wait.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>

#include "machine/clock.h"
#include "machine/pause.h"
#include "dsa_cpu.h"

/* Looks at the record between two at the clock, which would be in the way. */
static const unsigned int looks[DSA_WAITS] = {
	[DSA_WAIT_PAUSE] = 4096, [DSA_WAIT_UMWAIT] = 16, [DSA_WAIT_YIELD] = 64
};

/* Of the time stamp: the kernel has a limit of its own, 100000 of them if nobody changed it. */
#define UMWAIT_TICKS 100000

int dsa_wait_check(enum dsa_wait how, char *why, size_t len)
{
	if (how != DSA_WAIT_UMWAIT || dsa_cpu().waitpkg)
		return 0;
	snprintf(why, len, "this CPU has no umwait (WAITPKG)");
	return -EOPNOTSUPP;
}

static void pass_time(const volatile uint8_t *status, enum dsa_wait how)
{
	switch (how) {
	case DSA_WAIT_UMWAIT:
		dsa_umonitor(status);
		/* What came before it was watched wakes nobody. */
		if (!dsa_look(status))
			dsa_umwait(dsa_time_stamp() + UMWAIT_TICKS);
		break;
	case DSA_WAIT_YIELD:
		sched_yield();
		break;
	default:
		pause_cpu();
	}
}

uint8_t dsa_wait(const volatile uint8_t *status, enum dsa_wait how, uint64_t patience_ns)
{
	uint64_t start = 0;

	for (unsigned int n = 1;; n++) {
		uint8_t found = dsa_look(status);

		if (found)
			return found;
		pass_time(status, how);
		if (n % looks[how])
			continue;
		if (!start)
			start = now_ns();
		if (now_ns() - start >= patience_ns)
			return dsa_look(status);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
#include "reaper.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/clock.h"

/* What a launch left behind has ended, or is about to: it is this process's by then. */
#define LEFT_NS (3ull * 1000000000ull)

static pid_t reaper;

void reaper_reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void reap_last(void)
{
	const uint64_t deadline = now_ns() + LEFT_NS;

	if (getpid() != reaper)
		return;
	while (waitpid(-1, NULL, WNOHANG) >= 0 && now_ns() < deadline)
		sleep_ns(1000000);
}

void reaper_become(void)
{
	if (reaper == getpid())
		return;
	reaper = getpid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	atexit(reap_last);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int finish_stdout(int status)
{
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "dmabench: writing to standard output: %s\n",
			strerror(errno ? errno : EIO));
		return EXIT_USAGE;
	}
	return status;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <errno.h>
#include <string.h>

#include "options/options.h"

int usage_error(const char *command, const char *argument, const char *expected)
{
	fprintf(stderr, "dmabench %s: \"%s\": expected %s\n", command, argument, expected);
	return EXIT_USAGE;
}

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

// SPDX-License-Identifier: GPL-2.0-only
#include "self.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int self_near(const char *const *places, size_t count, char *path, size_t len)
{
	char folder[3072];
	ssize_t n = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	char *slash;

	if (n < 0)
		return -errno;
	folder[n] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		slash[1] = '\0';
	for (size_t i = 0; i < count; i++)
		if (snprintf(path, len, "%s%s", folder, places[i]) < (int)len &&
		    !access(path, F_OK))
			return 0;
	return -ENOENT;
}

// SPDX-License-Identifier: GPL-2.0-only
/* What the environment says, and what is asked of the driver and its GPUs. */
#include "stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int streams, events, contexts, copies_under_way;
__thread bool has_context;

const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

void say(const char *what, long number)
{
	FILE *f = fopen(setting("STUB_LOG", "/dev/null"), "a");

	if (!f)
		return;
	fprintf(f, "%s %ld\n", what, number);
	fclose(f);
}

void wrong(const char *what)
{
	fprintf(stderr, "cuda_stub: %s\n", what);
	abort();
}

int failure(const char *call)
{
	static unsigned int times;
	static int broken;
	const char *fail = setting("STUB_FAIL", ""), *at = strchr(fail, '@');
	size_t len = strlen(call);
	int error = 0;

	pthread_mutex_lock(&lock);
	if (broken && strcmp(call, "cuGetErrorName"))
		error = broken;
	else if (!strncmp(fail, call, len) && fail[len] == '=' &&
		 ++times >= (at ? strtoul(at + 1, NULL, 10) : 1))
		error = atoi(fail + len + 1);
	if (error && strchr(fail, '!'))
		broken = error;
	pthread_mutex_unlock(&lock);
	return error;
}

__attribute__((destructor)) static void count_left(void)
{
	say("left", streams + events + contexts + ranges_left());
}

int cuInit(unsigned int flags)
{
	say("init", getpid());
	MAY_FAIL;
	return flags ? INVALID : 0;
}

int cuDriverGetVersion(int *version)
{
	MAY_FAIL;
	*version = atoi(setting("STUB_VERSION", "12040"));
	return 0;
}

int cuGetErrorName(int error, const char **name)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ 1, "CUDA_ERROR_INVALID_VALUE" },
		{ 2, "CUDA_ERROR_OUT_OF_MEMORY" },
		{ 34, "CUDA_ERROR_STUB_LIBRARY" },
		{ 46, "CUDA_ERROR_DEVICE_UNAVAILABLE" },
		{ 100, "CUDA_ERROR_NO_DEVICE" },
		{ 304, "CUDA_ERROR_OPERATING_SYSTEM" },
		{ 700, "CUDA_ERROR_ILLEGAL_ADDRESS" },
		{ 800, "CUDA_ERROR_NOT_PERMITTED" },
		{ 802, "CUDA_ERROR_SYSTEM_NOT_READY" },
		{ 803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH" },
		{ 804, "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE" },
		{ 999, "CUDA_ERROR_UNKNOWN" },
	};

	MAY_FAIL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == error) {
			*name = names[i].name;
			return 0;
		}
	return INVALID;
}

/* The address of the ordinal's GPU; NULL: there are no so many. */
static char *address_of(int ordinal, char *buf, size_t len)
{
	char *rest = buf, *one = NULL;

	snprintf(buf, len, "%s", setting("STUB_GPUS", "0000:3B:00.0"));
	for (int i = 0; i <= ordinal; i++)
		one = strsep(&rest, ",");
	return one;
}

int cuDeviceGetCount(int *count)
{
	char buf[1024];

	MAY_FAIL;
	for (*count = 0; address_of(*count, buf, sizeof(buf)); ++*count)
		;
	return 0;
}

int cuDeviceGet(int *device, int ordinal)
{
	char buf[1024];

	MAY_FAIL;
	/* A device isn't its ordinal, nor may it be taken for one. */
	*device = ordinal + 100;
	return address_of(ordinal, buf, sizeof(buf)) ? 0 : 101;
}

int cuDeviceGetName(char *name, int len, int device)
{
	MAY_FAIL;
	snprintf(name, (size_t)len, "Stub GPU %d", device - 100);
	return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device)
{
	MAY_FAIL;
	(void)device;
	switch (attribute) {
	case 20:
		*value = atoi(setting("STUB_MODE", "0"));
		return 0;
	case 40:
		*value = 2;
		return 0;
	}
	return INVALID;
}

int cuDeviceGetPCIBusId(char *address, int len, int device)
{
	char buf[1024];

	MAY_FAIL;
	snprintf(address, (size_t)len, "%s", address_of(device - 100, buf, sizeof(buf)));
	return 0;
}

int cuDevicePrimaryCtxRetain(void **context, int device)
{
	MAY_FAIL;
	contexts++;
	say("context", device);
	*context = (void *)(intptr_t)device;
	return 0;
}

int cuDevicePrimaryCtxRelease_v2(int device)
{
	MAY_FAIL;
	(void)device;
	contexts--;
	return 0;
}

int cuCtxSetCurrent(void *context)
{
	MAY_FAIL;
	has_context = context;
	return 0;
}

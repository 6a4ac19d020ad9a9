// SPDX-License-Identifier: GPL-2.0-only
#include "cuda.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* dlsym gives an object's address, which may not be cast to a function's. */
static int find(void *library, const char *name, void *function, char *why, size_t len)
{
	void *at = dlsym(library, name);

	if (at) {
		memcpy(function, &at, sizeof(at));
		return 0;
	}
	snprintf(why, len, CUDA_LIBRARY " has no %s: the driver is older than CUDA %d.%d", name,
		 CUDA_OLDEST / 1000, CUDA_OLDEST % 1000 / 10);
	return -EOPNOTSUPP;
}

static int find_all(struct cuda *c, void *library, char *why, size_t len)
{
	int ret = 0;

#define CALL(name, arguments) \
	if (!ret)             \
		ret = find(library, #name, (void *)&c->name, why, len);
	CUDA_CALLS(CALL)
#undef CALL
	return ret;
}

static void *load(char *why, size_t len)
{
	void *library = dlopen(CUDA_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	const char *said;

	if (library)
		return library;
	said = dlerror();
	/* Most often it just isn't there; what else dlopen has to say (another library isn't, it is
	 * for another CPU) is worth hearing. */
	if (!said || (!strncmp(said, CUDA_LIBRARY ":", strlen(CUDA_LIBRARY ":")) &&
		      strstr(said, "No such file")))
		snprintf(why, len, "no " CUDA_LIBRARY ": NVIDIA's driver isn't installed");
	else
		snprintf(why, len, "%s", said);
	return NULL;
}

/* Never unloaded: what it has started would go on in code that is gone. */
int cuda_open(struct cuda *c, char *why, size_t len)
{
	void *library;
	int ret;

	/* The numbers of nvidia-smi, not the fastest first; for whoever doesn't want it otherwise. */
	setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 0);
	library = load(why, len);
	if (!library)
		return -ENODEV;
	ret = find_all(c, library, why, len);
	if (ret)
		return ret;
	ret = cuda_call(c, why, len, cuInit, 0);
	if (ret)
		return ret;
	ret = cuda_call(c, why, len, cuDriverGetVersion, &c->version);
	if (ret || c->version >= CUDA_OLDEST)
		return ret;
	snprintf(why, len, "the driver is of CUDA %d.%d, older than %d.%d", c->version / 1000,
		 c->version % 1000 / 10, CUDA_OLDEST / 1000, CUDA_OLDEST % 1000 / 10);
	return -EOPNOTSUPP;
}

int cuda_check(const struct cuda *c, const char *call, int error, char *why, size_t len)
{
	const char *name = NULL, *version = strstr(call, "_v2");
	char words[128];

	if (error == CUDA_SUCCESS)
		return 0;
	cuda_words(error, words, sizeof(words));
	if (c->cuGetErrorName(error, &name) || !name)
		name = "an error without a name";
	snprintf(why, len, "%.*s: %s (%d)%s%s", version ? (int)(version - call) : (int)strlen(call),
		 call, name, error, *words ? ": " : "", words);
	return cuda_errno(error);
}

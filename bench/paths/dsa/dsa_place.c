// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_place.h"

#include <stdlib.h>

#include "machine/files.h"
#include "machine/platform.h"
#include "text/parse.h"

/* A device that is alive takes a millisecond at most for what a descriptor may have. */
#define PATIENCE_NS 10000000000ull

static const char *said(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value ? value : NULL;
}

const char *dsa_devices(void)
{
	const char *folder = said(DSA_DEVICES_VARIABLE);

	return folder ? folder : "/dev/dsa";
}

const char *dsa_sysfs(void)
{
	const char *folder = said(DSA_SYSFS_VARIABLE);

	return folder ? folder : "/sys/bus/dsa/devices";
}

bool dsa_stand_in(void)
{
	return said(DSA_DEVICES_VARIABLE) || said(DSA_SYSFS_VARIABLE) || said(SYSROOT_VARIABLE);
}

const char *dsa_kind(void)
{
	return dsa_stand_in() ? "emulated" : engine_kind("idxd", "");
}

uint64_t dsa_patience_ns(void)
{
	const char *text = said(DSA_PATIENCE_VARIABLE);
	uint64_t ms;

	if (dsa_stand_in() && text && !parse_u64(text, 60000, &ms) && ms)
		return ms * 1000000;
	return PATIENCE_NS;
}

bool dsa_may_store(void)
{
	return dsa_stand_in() && said(DSA_STORE_VARIABLE);
}

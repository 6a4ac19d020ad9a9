// SPDX-License-Identifier: GPL-2.0-only
/* What the driver's errors mean to whoever wants to measure, and what to do about them. */
#include "cuda.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/files.h"

static const struct {
	int error, err;
	const char *words; /* NULL: the device files may say why */
} known[] = {
	{ CUDA_ERROR_OUT_OF_MEMORY, ENOMEM, "" },
	{ CUDA_ERROR_NOT_INITIALIZED, ENODEV, "" },
	{ CUDA_ERROR_STUB_LIBRARY, ENODEV, "the toolkit's stub, not a driver" },
	{ CUDA_ERROR_DEVICE_UNAVAILABLE, EBUSY,
	  "in use in an exclusive compute mode, or prohibited: nvidia-smi -q -d COMPUTE" },
	{ CUDA_ERROR_NO_DEVICE, ENODEV, NULL },
	{ CUDA_ERROR_INVALID_DEVICE, ENODEV, NULL },
	{ CUDA_ERROR_OPERATING_SYSTEM, EACCES, NULL },
	{ CUDA_ERROR_NOT_PERMITTED, EPERM, "" },
	{ CUDA_ERROR_NOT_SUPPORTED, EOPNOTSUPP, "" },
	{ CUDA_ERROR_SYSTEM_NOT_READY, EAGAIN,
	  "a service that the GPU needs isn't running, as nvidia-fabricmanager where there is "
	  "NVSwitch" },
	{ CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, EOPNOTSUPP,
	  "library and kernel module are of different versions: reboot" },
	{ CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE, EOPNOTSUPP,
	  "a library for forward compatibility, which this GPU can't do" },
	{ CUDA_ERROR_UNKNOWN, EIO, NULL },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

int cuda_errno(int error)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (known[i].error == error)
			return -known[i].err;
	return -EIO;
}

/* Can the files through which the library talks to the driver be had? */
static void device_files(char *words, size_t len)
{
	static const char *const needed[] = { "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia0" };
	const char *visible = getenv("CUDA_VISIBLE_DEVICES");

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		int err = sys_usable(needed[i]);

		if (err == -ENOENT && i)
			continue;
		if (err == -ENOENT)
			snprintf(words, len, "no %s: %s", needed[i],
				 sys_usable("/proc/driver/nvidia")
					 ? "no nvidia module is loaded"
					 : "a container that wasn't given the GPU?");
		else if (err)
			snprintf(words, len, "%s: %s", needed[i], strerror(-err));
		if (err)
			return;
	}
	if (visible)
		snprintf(words, len, "CUDA_VISIBLE_DEVICES is \"%.32s\"", visible);
}

void cuda_words(int error, char *words, size_t len)
{
	*words = '\0';
	for (size_t i = 0; i < KNOWN; i++) {
		if (known[i].error != error)
			continue;
		if (known[i].words)
			snprintf(words, len, "%s", known[i].words);
		else
			device_files(words, len);
	}
}

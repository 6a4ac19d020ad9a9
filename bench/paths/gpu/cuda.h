/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NVIDIA's driver as a program sees it: libcuda.so.1, opened when it is needed, so that nothing
 * of it is needed to build or run the rest. Only the process that copies may call cuda_open:
 * what forks afterwards can't use the driver any more.
 */
#ifndef DMABENCH_CUDA_H
#define DMABENCH_CUDA_H

#include <stddef.h>
#include <stdint.h>

#define CUDA_LIBRARY "libcuda.so.1"
/* The version from which on the library has all of these, as cuDriverGetVersion has it. */
#define CUDA_OLDEST 11000

typedef uint64_t cuda_address; /* in the GPU's memory */

/* What is called of it: names and arguments are the library's. Each returns a cuda_error. */
#define CUDA_CALLS(CALL)                                                         \
	CALL(cuInit, (unsigned int flags))                                       \
	CALL(cuDriverGetVersion, (int *version))                                 \
	CALL(cuGetErrorName, (int error, const char **name))                     \
	CALL(cuDeviceGetCount, (int *count))                                     \
	CALL(cuDeviceGet, (int *device, int ordinal))                            \
	CALL(cuDeviceGetName, (char *name, int len, int device))                 \
	CALL(cuDeviceGetAttribute, (int *value, int attribute, int device))      \
	CALL(cuDeviceGetPCIBusId, (char *address, int len, int device))          \
	CALL(cuDevicePrimaryCtxRetain, (void **context, int device))             \
	CALL(cuDevicePrimaryCtxRelease_v2, (int device))                         \
	CALL(cuCtxSetCurrent, (void *context))                                   \
	CALL(cuMemAlloc_v2, (cuda_address * at, size_t bytes))                   \
	CALL(cuMemFree_v2, (cuda_address at))                                    \
	CALL(cuMemHostRegister_v2, (void *at, size_t bytes, unsigned int flags)) \
	CALL(cuMemHostUnregister, (void *at))                                    \
	CALL(cuStreamCreate, (void **stream, unsigned int flags))                \
	CALL(cuStreamDestroy_v2, (void *stream))                                 \
	CALL(cuStreamQuery, (void *stream))                                      \
	CALL(cuStreamWaitEvent, (void *stream, void *event, unsigned int flags)) \
	CALL(cuEventCreate, (void **event, unsigned int flags))                  \
	CALL(cuEventDestroy_v2, (void *event))                                   \
	CALL(cuEventRecord, (void *event, void *stream))                         \
	CALL(cuEventQuery, (void *event))                                        \
	CALL(cuEventSynchronize, (void *event))                                  \
	CALL(cuMemcpyHtoDAsync_v2,                                               \
	     (cuda_address to, const void *from, size_t bytes, void *stream))    \
	CALL(cuMemcpyDtoHAsync_v2, (void *to, cuda_address from, size_t bytes, void *stream))

/* Of cuda.h: errors, attributes and flags that matter here. */
enum cuda_error {
	CUDA_SUCCESS = 0,
	CUDA_ERROR_OUT_OF_MEMORY = 2,
	CUDA_ERROR_NOT_INITIALIZED = 3,
	CUDA_ERROR_STUB_LIBRARY = 34,
	CUDA_ERROR_DEVICE_UNAVAILABLE = 46,
	CUDA_ERROR_NO_DEVICE = 100,
	CUDA_ERROR_INVALID_DEVICE = 101,
	CUDA_ERROR_OPERATING_SYSTEM = 304,
	CUDA_ERROR_NOT_READY = 600,
	CUDA_ERROR_NOT_PERMITTED = 800,
	CUDA_ERROR_NOT_SUPPORTED = 801,
	CUDA_ERROR_SYSTEM_NOT_READY = 802,
	CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803,
	CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE = 804,
	CUDA_ERROR_UNKNOWN = 999,
};

#define CUDA_ATTRIBUTE_COMPUTE_MODE 20
#define CUDA_ATTRIBUTE_ASYNC_ENGINE_COUNT 40
#define CUDA_COMPUTEMODE_PROHIBITED 2
#define CUDA_STREAM_NON_BLOCKING 1u
#define CUDA_EVENT_BLOCKING_SYNC 1u
#define CUDA_EVENT_DISABLE_TIMING 2u

struct cuda {
	int version; /* 12040 is 12.4 */
#define CALL(name, arguments) int(*name) arguments;
	CUDA_CALLS(CALL)
#undef CALL
};

/* Load and start it. 0, or -errno with why[], which says what is missing in words. */
int cuda_open(struct cuda *c, char *why, size_t len);

/* What a call returned: 0, or -errno with why[]: the call, the error's name, what it means. */
int cuda_check(const struct cuda *c, const char *call, int error, char *why, size_t len);

#define cuda_call(c, why, len, name, ...) cuda_check(c, #name, (c)->name(__VA_ARGS__), why, len)

/* -errno of an error, and what it means in words: "" where the name says it all. */
int cuda_errno(int error);
void cuda_words(int error, char *words, size_t len);

#endif

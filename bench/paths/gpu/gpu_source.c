// SPDX-License-Identifier: GPL-2.0-only
#include "gpu_source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "machine/files.h"
#include "gpus.h"

static const struct gpu *gpu_of(const struct dmabench_engine_info *e)
{
	return &gpus_ask()->v[e->index];
}

static int gpu_list(struct dmabench_engine_info *engines, char *why, size_t len)
{
	const struct gpus *list = gpus_ask();

	if (list->count < 0)
		snprintf(why, len, "%s", list->why);
	for (int i = 0; i < list->count; i++)
		engines[i] = list->v[i].engine;
	return list->count;
}

static const char *kind(const struct dmabench_engine_info *e)
{
	(void)e;
	return gpus_ask()->kind;
}

static const char *reason(const struct dmabench_engine_info *e)
{
	return gpu_of(e)->reason;
}

/* Null for what the kernel doesn't tell. */
static json_t *number(int value)
{
	return value ? json_integer(value) : json_null();
}

static json_t *text(const char *value)
{
	return *value ? json_string(value) : json_null();
}

/* 12040 is 12.4. */
static json_t *cuda_version(int version)
{
	return json_sprintf("%d.%d", version / 1000, version % 1000 / 10);
}

static json_t *identity(const struct dmabench_engine_info *e)
{
	const struct gpus *list = gpus_ask();
	const struct gpu *gpu = gpu_of(e);

	return json_pack("{s:s,s:o,s:o,s:i,s:{s:o,s:o,s:o,s:o}}", "model", gpu->model,
			 "driver_version", text(list->version), "cuda", cuda_version(list->cuda),
			 "copy_engines", gpu->copy_engines, "pcie", "generation",
			 number(gpu->link.generation), "width", number(gpu->link.width),
			 "max_generation", number(gpu->link.max_generation), "max_width",
			 number(gpu->link.max_width));
}

/* What NVIDIA's driver makes first, whatever else becomes of it. */
static bool present(void)
{
	return sys_usable("/dev/nvidiactl") != -ENOENT;
}

const struct engine_source gpu_source = {
	.name = "gpu",
	.present = present,
	.list = gpu_list,
	.kind = kind,
	.reason = reason,
	.identity = identity,
};

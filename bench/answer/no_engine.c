// SPDX-License-Identifier: GPL-2.0-only
/* Why there is no word on DMA engines. */
#include <stdbool.h>
#include <string.h>

#include "answer.h"

static bool is_unlisted(const json_t *environment, const char *what)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(environment, "engines_unlisted"), i, one) {
		const char *is = json_string_value(json_object_get(one, "what"));

		if (is && !strcmp(is, what))
			return true;
	}
	return false;
}

/* What wasn't listed, as far as that is known; NULL: nothing. */
static const char *unlisted(const json_t *environment)
{
	bool gpu = is_unlisted(environment, "gpu");

	if (!is_unlisted(environment, "dmaengine"))
		return gpu ? "No DMA engine was measured: there is a GPU, and its copy engines "
			     "weren't looked at."
			   : NULL;
	return gpu ? "No DMA engine was measured: neither the kernel's DMA channels nor a GPU's "
		     "copy engines were looked at."
		   : "No DMA engine was measured: the kernel has DMA channels, and without "
		     "dmabench's driver it can't be said what they can do.";
}

/* What all of them are, if there are any at all. */
const char *answer_no_engine(const json_t *environment)
{
	json_t *engines = json_object_get(environment, "engines"), *engine;
	const char *others = unlisted(environment);
	bool hardware = false;
	size_t i;

	json_array_foreach(engines, i, engine) {
		const char *kind = json_string_value(json_object_get(engine, "kind"));

		hardware |= kind && !strcmp(kind, "hardware");
	}
	if (hardware)
		return "No copy by a DMA engine was measured.";
	if (others)
		return others;
	return json_array_size(engines) ? "No DMA engine here is hardware, so that none is advice."
					: "There is no DMA engine.";
}

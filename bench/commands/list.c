// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <unistd.h>

#include "machine/identity.h"
#include "machine/nodes.h"
#include "paths/driver.h"
#include "paths/path.h"
#include "result/engines_json.h"
#include "text/json_text.h"
#include "commands.h"

/* Usable here with plain parameters? A path that depends on the engine asks the first one. */
static json_t *describe_path(const struct copy_path *path)
{
	struct case_params p = { .size = 4096,
				 .cpu_node = node_here(),
				 .src_node = node_memory_near(node_here()),
				 .dst_node = node_memory_near(node_here()) };
	char why[160] = "";
	bool usable = !path_probe(path, &p, why, sizeof(why));

	return json_pack("{s:s,s:s,s:s,s:b,s:s?}", "name", path->name, "class",
			 class_names[path->class], "what", path->what, "usable", usable, "reason",
			 usable ? NULL : why);
}

static json_t *describe_driver(void)
{
	char why[160] = "";
	int fd = driver_open(why, sizeof(why));

	if (fd >= 0)
		close(fd);
	return json_pack("{s:s,s:b,s:s?}", "device", DMABENCH_DEVICE, "usable", fd >= 0, "reason",
			 fd >= 0 ? NULL : why);
}

static json_t *describe_node(int node)
{
	char no_cpu[128] = "", no_memory[128] = "";
	json_t *distances = json_array();
	int cpus[MAX_CPUS];
	bool cpu = !node_check_cpu(node, no_cpu, sizeof(no_cpu));
	bool memory = !node_check_memory(node, no_memory, sizeof(no_memory));

	for (int to = 0; to <= node_last(); to++)
		if (node_exists(to))
			json_array_append_new(distances, json_integer(node_distance(node, to)));
	return json_pack("{s:i,s:i,s:o,s:o,s:s?,s:s?}", "id", node, "cpus",
			 (int)node_cpus(node, cpus), "bytes", identity_node_bytes(node),
			 "distances", distances, "no_cpu_reason", cpu ? NULL : no_cpu,
			 "no_memory_reason", memory ? NULL : no_memory);
}

static json_t *describe_all(void)
{
	json_t *paths = json_array(), *nodes = json_array();

	for (size_t i = 0; i < all_paths_count; i++)
		json_array_append_new(paths, describe_path(all_paths[i]));
	for (int node = 0; node <= node_last(); node++)
		if (node_exists(node))
			json_array_append_new(nodes, describe_node(node));
	return json_pack("{s:o,s:o,s:o,s:o}", "paths", paths, "driver", describe_driver(),
			 "engines", engines_json(ALL_FAMILIES), "nodes", nodes);
}

static void print_node(const json_t *node)
{
	const json_t *bytes = json_object_get(node, "bytes");
	json_t *distance;
	size_t i;

	printf("  %-12lld %lld usable CPUs, ", json_integer_value(json_object_get(node, "id")),
	       json_integer_value(json_object_get(node, "cpus")));
	if (json_is_null(bytes))
		printf("memory not to be seen, distances");
	else
		printf("%.1f GB, distances", (double)json_integer_value(bytes) / 1e9);
	json_array_foreach(json_object_get(node, "distances"), i, distance)
		printf(" %lld", json_integer_value(distance));
	if (*json_text(node, "no_cpu_reason"))
		printf("; %s", json_text(node, "no_cpu_reason"));
	if (*json_text(node, "no_memory_reason"))
		printf("; %s", json_text(node, "no_memory_reason"));
	printf("\n");
}

/* Of those that there are; by whom in brackets. */
static void print_limit(const json_t *e, const char *key, const char *before, const char *after)
{
	const char *by = json_text(json_object_get(e, "said_by"), key);
	long long n = json_integer_value(json_object_get(e, key));

	if (!n)
		return;
	printf("%s%lld%s", before, n, after);
	if (*by)
		printf(" (%s)", !strcmp(by, "default") ? "DMA API" : by);
}

static void print_behaviour(const json_t *e)
{
	static const struct {
		const char *name, *what;
	} words[] = {
		{ "serial", "one descriptor at a time" },
		{ "queued", "several descriptors at a time" },
		{ "silent", "a failed one looks done" },
		{ "hangs", "a failed one may never end" },
		{ "prep_sleeps", "preparing may sleep" },
		{ "prep_locks", "prepared ones hold a lock" },
	};
	json_t *name;
	size_t i;

	json_array_foreach(json_object_get(e, "behaviour"), i, name)
		for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
			if (!strcmp(json_string_value(name), words[w].name))
				printf("; %s", words[w].what);
	if (!json_is_true(json_object_get(e, "stoppable")))
		printf("; can't be stopped");
}

static json_int_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void print_link(const json_t *pcie, const char *generation, const char *width)
{
	if (number(pcie, generation) && number(pcie, width))
		printf("%lld x%lld", number(pcie, generation), number(pcie, width));
	else
		printf("not told");
}

static void print_gpu(const json_t *e)
{
	const json_t *pcie = json_object_get(e, "pcie");

	printf(", %s, %lld copy engines, PCIe ", json_text(e, "model"), number(e, "copy_engines"));
	print_link(pcie, "max_generation", "max_width");
	printf(" (now ");
	print_link(pcie, "generation", "width");
	printf("), driver %s, CUDA %s",
	       *json_text(e, "driver_version") ? json_text(e, "driver_version") : "?",
	       json_text(e, "cuda"));
}

static void print_channel(const json_t *e)
{
	printf(", %lld address bits", number(e, "dma_bits"));
	print_limit(e, "max_len", ", at most ", " bytes a descriptor");
	print_limit(e, "min_len", ", at least ", "");
	print_limit(e, "align", ", multiples of ", "");
	print_limit(e, "room", ", ", " at once");
	if (json_is_string(json_object_get(e, "coherent_memory")))
		printf(", coherent memory %s", json_text(e, "coherent_memory"));
	print_behaviour(e);
}

static void print_engine(const json_t *e)
{
	printf("  %-12s %-9s %s at %s, node %lld, IOMMU %s%s%s", json_text(e, "name"),
	       json_text(e, "kind"), json_text(e, "driver"), json_text(e, "device"),
	       number(e, "node"), json_text(e, "iommu"),
	       *json_text(e, "iommu_group") ? " group " : "", json_text(e, "iommu_group"));
	if (json_object_get(e, "max_len"))
		print_channel(e);
	if (json_object_get(e, "pcie"))
		print_gpu(e);
	printf("%s%s\n", json_is_true(json_object_get(e, "usable")) ? "" : "; not usable: ",
	       json_text(e, "reason"));
}

/* A user work queue. */
static void print_queue(const json_t *e)
{
	json_int_t batch = json_integer_value(json_object_get(e, "max_batch"));

	printf("  %-12s %-9s %s at %s, node %lld, %s, room for %lld, at most %lld bytes a "
	       "descriptor, ",
	       json_text(e, "name"), json_text(e, "kind"), json_text(e, "driver"),
	       json_text(e, "device"), json_integer_value(json_object_get(e, "node")),
	       json_text(e, "mode"), json_integer_value(json_object_get(e, "room")),
	       json_integer_value(json_object_get(e, "max_len")));
	if (batch)
		printf("lists of %lld", batch);
	else
		printf("no lists");
	printf("%s%s%s\n",
	       json_is_true(json_object_get(e, "block_on_fault")) ? ", may wait for pages" : "",
	       json_is_true(json_object_get(e, "usable")) ? "" : "; not usable: ",
	       json_text(e, "reason"));
}

static void print_all(const json_t *all)
{
	const json_t *driver = json_object_get(all, "driver");
	bool usable = json_is_true(json_object_get(driver, "usable"));
	json_t *e;
	size_t i;

	printf("paths\n");
	json_array_foreach(json_object_get(all, "paths"), i, e)
		printf("  %-12s %-9s %s%s%s\n", json_text(e, "name"), json_text(e, "class"),
		       json_text(e, "what"),
		       json_is_true(json_object_get(e, "usable")) ? "" : "; not usable: ",
		       json_text(e, "reason"));
	printf("driver\n  %-12s %s%s%s\n", json_text(driver, "device"),
	       usable ? "usable" : "not usable: ", json_text(driver, "reason"),
	       usable ? "" : "; dmabench doctor says what helps");
	printf("engines\n");
	if (!json_array_size(json_object_get(all, "engines")))
		printf("  none\n");
	json_array_foreach(json_object_get(all, "engines"), i, e)
		if (*json_text(e, "mode"))
			print_queue(e);
		else
			print_engine(e);
	printf("nodes\n");
	json_array_foreach(json_object_get(all, "nodes"), i, e)
		print_node(e);
}

static const struct option options[] = {
	{ "--json", NULL, "the same as JSON, for programs", option_flag, 0, 0 },
	{ 0 },
};

static int cmd_list(int argc, char **argv)
{
	bool as_json = false;
	json_t *all;

	if (options_read("list", options, NULL, &as_json, argc, argv))
		return EXIT_USAGE;
	all = describe_all();
	if (as_json) {
		json_dumpf(all, stdout, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
		putchar('\n');
	} else {
		print_all(all);
	}
	json_decref(all);
	return finish_stdout(EXIT_OK);
}

const struct command command_list = {
	.name = "list",
	.what = "paths, engines and nodes, each usable or why not (--json)",
	.usage = "[OPTIONS]",
	.about = "which paths, engines and NUMA nodes there are, and which of them can be "
		 "used;\nwhere one can't, why not.",
	.options = options,
	.run = cmd_list,
};

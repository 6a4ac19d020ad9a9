// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which engines a label means: on a machine with two of one provider on node 0 and two on
 * node 5, one poisoned, and one of another provider that doesn't know its node.
 */
#include "fake_nodes.h"

#include <errno.h>

#include "paths/engines.h"

static struct dmabench_engine_info machine[6];

static void add(int i, const char *name, const char *driver, int node, __u32 flags)
{
	strcpy(machine[i].name, name);
	strcpy(machine[i].driver, driver);
	machine[i].node = node;
	machine[i].flags = flags;
}

static int make_machine(void **state)
{
	(void)state;
	if (fresh_nodes())
		return -1;
	put("online", "0,5");
	put("node0/distance", "10 20");
	put("node5/distance", "20 10");
	nodes_use(folder, "/proc/self/status");
	add(0, "dma0chan0", "ioatdma", 0, 0);
	add(1, "dma0chan1", "ioatdma", 0, DMABENCH_ENGINE_POISONED);
	add(2, "dma0chan2", "ioatdma", 0, 0);
	add(3, "dma1chan0", "dmabench_sim", -1, 0);
	add(4, "dma2chan0", "ioatdma", 5, 0);
	add(5, "dma2chan1", "ioatdma", 5, DMABENCH_ENGINE_IN_USE);
	return 0;
}

/* The names that were picked, or why none were. */
static const char *pick(const char *label, unsigned int channels, int src_node, int dst_node)
{
	struct engine_wish wish = { label, channels, src_node, dst_node };
	static char text[256];
	struct engine_set set;

	if (engines_pick(machine, 6, &wish, &set, text, sizeof(text)))
		return text;
	*text = '\0';
	for (unsigned int i = 0; i < set.n; i++)
		sprintf(text + strlen(text), "%s%s", i ? " " : "", set.v[i].name);
	return text;
}

static void a_label_is_a_channel_a_provider_or_any(void **state)
{
	(void)state;
	assert_string_equal(pick("dma2chan0", 1, 0, 0), "dma2chan0");
	assert_string_equal(pick("dmabench_sim", 1, 0, 0), "dma1chan0");
	assert_string_equal(pick("ioatdma", 1, 5, 5), "dma0chan0");
	assert_string_equal(pick("any", 1, 0, 0), "dma0chan0");
	assert_string_equal(pick("", 1, 0, 0), "dma0chan0");
}

static void channels_are_of_one_provider_and_usable(void **state)
{
	(void)state;
	assert_string_equal(pick("ioatdma", 3, 0, 0), "dma0chan0 dma0chan2 dma2chan0");
	assert_string_equal(pick("ioatdma", 0, 0, 0), "dma0chan0 dma0chan2 dma2chan0 dma2chan1");
	assert_string_equal(pick("dma2chan0", 2, 0, 0), "dma2chan0 dma0chan0");
	assert_string_equal(pick("dmabench_sim", 0, 0, 0), "dma1chan0");
}

static void nodes_choose(void **state)
{
	(void)state;
	assert_string_equal(pick("ioatdma/5", 1, 0, 0), "dma2chan0");
	assert_string_equal(pick("ioatdma/5", 0, 0, 0), "dma2chan0 dma2chan1");
	assert_string_equal(pick("ioatdma/near", 1, 5, 5), "dma2chan0");
	assert_string_equal(pick("ioatdma/near", 1, 0, 0), "dma0chan0");
	assert_string_equal(pick("ioatdma/near", 2, 5, 5), "dma2chan0 dma2chan1");
	/* As far from both: the first. */
	assert_string_equal(pick("ioatdma/near", 1, 0, 5), "dma0chan0");
	assert_string_equal(pick("any/near", 1, 5, 5), "dma2chan0");
	assert_string_equal(pick("dmabench_sim/near", 1, 5, 5), "dma1chan0");
}

static void none_and_too_few_say_why(void **state)
{
	(void)state;
	assert_string_equal(pick("nosuch", 1, 0, 0),
			    "no usable engine \"nosuch\" among the 6 listed");
	assert_string_equal(pick("dma0chan1", 1, 0, 0),
			    "no usable engine \"dma0chan1\" among the 6 listed");
	assert_string_equal(pick("dmabench_sim/5", 1, 0, 0),
			    "no usable engine \"dmabench_sim/5\" among the 6 listed");
	assert_string_equal(pick("dmabench_sim", 2, 0, 0),
			    "\"dmabench_sim\" has 1 usable channels, not 2");
	assert_string_equal(pick("ioatdma/near", 3, 5, 5),
			    "\"ioatdma/near\" has 2 usable channels, not 3");
}

static void labels_are_checked(void **state)
{
	(void)state;
	assert_int_equal(engine_label_check("ioatdma"), 0);
	assert_int_equal(engine_label_check("ioatdma/near"), 0);
	assert_int_equal(engine_label_check("ioatdma/5"), 0);
	assert_int_equal(engine_label_check("ioatdma/1"), -ENODEV);
	assert_int_equal(engine_label_check("ioatdma/far"), -EINVAL);
	assert_int_equal(engine_label_check("ioatdma/"), -EINVAL);
	assert_int_equal(engine_label_check("ioatdma/-1"), -EINVAL);
	assert_int_equal(engine_label_check("/5"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_is_a_channel_a_provider_or_any),
		cmocka_unit_test(channels_are_of_one_provider_and_usable),
		cmocka_unit_test(nodes_choose),
		cmocka_unit_test(none_and_too_few_say_why),
		cmocka_unit_test(labels_are_checked),
	};

	return cmocka_run_group_tests(tests, make_machine, drop_nodes);
}

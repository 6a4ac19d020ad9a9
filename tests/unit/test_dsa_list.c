// SPDX-License-Identifier: GPL-2.0-only
/* What sysfs says of DSA's work queues, odd and missing files too. */
#include "fake_machine.h"

#include "paths/dsa/dsa_list.h"
#include "paths/dsa/dsa_place.h"

static void operations_are_read_as_each_kernel_writes_them(void **state)
{
	static const struct {
		const char *words;
		bool batch, move;
	} cases[] = {
		{ "00000000,00000000,00000000,00000000,00000000,00000000,00000001,003f03ff", true,
		  true },
		{ "00000000,00000000,00000000,00000000,00000000,00000000,00000001,003f03fd", false,
		  true },
		{ "0x1003f03ff 0x0 0x0 0x0", true, true },
		{ "0x8", false, true },
		{ "a", true, true },
		{ "00000003,00000000", false, false },
		{ "", false, false },
		{ "MEMMOVE", false, false },
		{ ",,,", false, false },
		{ "-1", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(dsa_has_operation(cases[i].words, 1), cases[i].batch);
		assert_int_equal(dsa_has_operation(cases[i].words, 3), cases[i].move);
	}
	assert_false(dsa_has_operation("ffffffff,ffffffff", 64));
}

/* --- a sysfs tree ------------------------------------------------------------ */

static void set(const char *file, const char *text)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/bus/dsa/devices/%s", file);
	put(path, text);
}

static void unset(const char *file)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/bus/dsa/devices/%s", file);
	take_away(path);
}

static void set_of(const char *device, const char *name, const char *text)
{
	char file[64];

	snprintf(file, sizeof(file), "%s/%s", device, name);
	set(file, text);
}

static void put_queue(const char *device, const char *name)
{
	set_of(device, "numa_node", "0\n");
	set_of(device, "pasid_enabled", "1\n");
	set_of(device, "cmd_status", "0\n");
	set_of(device, "op_cap", "0,0000000a\n");
	set_of(name, "type", "user\n");
	set_of(name, "state", "enabled\n");
	set_of(name, "mode", "dedicated\n");
	set_of(name, "size", "16\n");
	set_of(name, "max_transfer_size", "2097152\n");
	set_of(name, "max_batch_size", "32\n");
}

static int make_tree(void **state)
{
	int ret = fresh_folder(state);

	machine("dsa");
	put("/sys/bus/dsa/devices/x", "");
	return ret;
}

static void a_queue_is_what_its_files_say(void **state)
{
	struct dsa_queue_info q[4];

	(void)state;
	put_queue("dsa0", "wq0.1");
	set("wq0.1/block_on_fault", "1\n");
	set("dsa0/numa_node", "3\n");
	assert_int_equal(dsa_list(q, 4), 1);
	assert_string_equal(q->name, "wq0.1");
	assert_string_equal(q->device, "dsa0");
	assert_string_equal(q->why, "");
	assert_true(q->user && !q->shared && q->batches && q->block_on_fault);
	assert_int_equal(q->node, 3);
	assert_int_equal(q->size, 16);
	assert_int_equal(q->max_batch, 32);
	assert_int_equal(q->max_transfer, 2097152);
	set("wq0.1/prs_disable", "1\n");
	set("wq0.1/mode", "shared\n");
	assert_int_equal(dsa_list(q, 4), 1);
	assert_true(q->shared && !q->block_on_fault);
}

static void queues_come_in_order_and_only_dsas_own(void **state)
{
	struct dsa_queue_info q[8];

	(void)state;
	put_queue("dsa10", "wq10.0");
	put_queue("dsa2", "wq2.11");
	put_queue("dsa2", "wq2.2");
	set("wq3.0/type", "user\n"); /* iax3's */
	set("wq2.3x/type", "x\n");
	set("group2.0/x", "x\n");
	assert_int_equal(dsa_list(q, 8), 3);
	assert_string_equal(q[0].name, "wq2.2");
	assert_string_equal(q[1].name, "wq2.11");
	assert_string_equal(q[2].name, "wq10.0");
	assert_int_equal(dsa_list(q, 2), 2);
}

/* What is odd in one file, and what is said of the queue then. */
static const struct {
	const char *file, *text, *why;
} odd[] = {
	{ "wq0.0/type", "kernel\n", "of type kernel" },
	{ "wq0.0/type", "", "of type none" },
	{ "wq0.0/state", "disabled\n", "it is disabled" },
	{ "wq0.0/state", "", "it is gone" },
	{ "wq0.0/size", "0\n", "its size" },
	{ "wq0.0/size", "-1\n", "its size" },
	{ "wq0.0/size", "99999999999999999999\n", "its size" },
	{ "wq0.0/size", "16 32\n", "its size" },
	{ "wq0.0/max_transfer_size", "\n", "its max_transfer_size" },
	{ "wq0.0/max_transfer_size", "lots\n", "its max_transfer_size" },
	{ "dsa0/op_cap", "0,00000002\n", "may not move memory" },
	{ "dsa0/op_cap", "", "may not move memory" },
	{ "wq0.0/op_config", "0,00000001\n", "may not move memory" },
};

static void odd_files_are_reasons(void **state)
{
	struct dsa_queue_info q[2];

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		put_queue("dsa0", "wq0.0");
		set(odd[i].file, odd[i].text);
		assert_int_equal(dsa_list(q, 2), 1);
		if (!strstr(q->why, odd[i].why))
			fail_msg("%s is \"%s\": \"%s\"", odd[i].file, odd[i].text, q->why);
	}
}

static void missing_files_are_no_crash_and_no_queue(void **state)
{
	static const char *const files[] = { "wq0.0/type", "wq0.0/state", "wq0.0/size",
					     "wq0.0/max_transfer_size" };
	struct dsa_queue_info q[2];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		put_queue("dsa0", "wq0.0");
		unset(files[i]);
		assert_int_equal(dsa_list(q, 2), 1);
		assert_true(q->why[0] != '\0');
	}
	/* Those that are newer than others, or no limit. */
	put_queue("dsa0", "wq0.0");
	unset("dsa0/numa_node");
	unset("wq0.0/max_batch_size");
	assert_int_equal(dsa_list(q, 2), 1);
	assert_string_equal(q->why, "");
	assert_int_equal(q->node, -1);
	assert_false(q->batches || q->block_on_fault);
}

static void no_svm_is_said_whichever_file_shows_it(void **state)
{
	struct dsa_queue_info q[2];
	char why[160];

	(void)state;
	put_queue("dsa0", "wq0.0");
	set("wq0.0/state", "disabled\n");
	set("dsa0/cmd_status", "0x80110000\n");
	assert_int_equal(dsa_list(q, 2), 1);
	assert_non_null(strstr(q->why, "intel_iommu=on,sm_on"));
	set("dsa0/cmd_status", "0\n");
	set("dsa0/pasid_enabled", "0\n");
	assert_int_equal(dsa_list(q, 2), 1);
	dsa_none(q, 1, why, sizeof(why));
	assert_non_null(strstr(why, "wq0.0"));
	assert_non_null(strstr(why, "intel_iommu=on,sm_on"));
}

static void a_bus_that_isnt_there_is_no_device(void **state)
{
	struct dsa_queue_info q[2];
	char why[160];

	(void)state;
	assert_int_equal(dsa_list(q, 2), 0);
	dsa_none(q, 0, why, sizeof(why));
	assert_non_null(strstr(why, "no DSA device"));
	setenv(DSA_SYSFS_VARIABLE, "/nowhere", 1);
	assert_int_equal(dsa_list(q, 2), -ENOENT);
	dsa_none(q, -ENOENT, why, sizeof(why));
	assert_non_null(strstr(why, "/nowhere"));
	unsetenv(DSA_SYSFS_VARIABLE);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_are_read_as_each_kernel_writes_them),
		IN_TREE(a_queue_is_what_its_files_say),
		IN_TREE(queues_come_in_order_and_only_dsas_own),
		IN_TREE(odd_files_are_reasons),
		IN_TREE(missing_files_are_no_crash_and_no_queue),
		IN_TREE(no_svm_is_said_whichever_file_shows_it),
		IN_TREE(a_bus_that_isnt_there_is_no_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

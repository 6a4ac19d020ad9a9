// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_list.h"

#include <errno.h>
#include <linux/idxd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/files.h"
#include "text/parse.h"
#include "dsa_place.h"

/* First line of a device's attribute; "" where it can't be read. */
static void attribute(const char *device, const char *name, char *text, size_t len)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s/%s", dsa_sysfs(), device, name);
	if (read_line(path, text, len))
		text[0] = '\0';
}

/* 0 for what isn't a number, which no limit is. */
static uint64_t number(const char *device, const char *name, uint64_t max)
{
	char text[64];
	uint64_t value;

	attribute(device, name, text, sizeof(text));
	return parse_u64(text, max, &value) ? 0 : value;
}

static bool says(const char *device, const char *name, const char *word)
{
	char text[64];

	attribute(device, name, text, sizeof(text));
	return !strcmp(text, word);
}

/*
 * Either a bitmap, groups of hexadecimal digits with commas and the lowest bits last; or, before
 * Linux 6.0, numbers "0x…" with blanks and the lowest bits first.
 */
bool dsa_has_operation(const char *words, unsigned int opcode)
{
	unsigned long long low = 0;
	size_t digits = 0;

	if (!strncmp(words, "0x", 2)) {
		low = strtoull(words, NULL, 16);
	} else {
		for (size_t at = strlen(words); at-- && digits < 16;) {
			char digit[2] = { words[at], '\0' };

			if (words[at] == ',' || words[at] == '\n' || words[at] == ' ')
				continue;
			if (!strchr("0123456789abcdefABCDEF", words[at]))
				return false;
			low |= strtoull(digit, NULL, 16) << 4 * digits++;
		}
	}
	return opcode < 64 && low >> opcode & 1;
}

static bool may(const struct dsa_queue_info *q, unsigned int opcode)
{
	char words[256];

	attribute(q->device, "op_cap", words, sizeof(words));
	if (!dsa_has_operation(words, opcode))
		return false;
	/* Of queues that may have fewer than their device. */
	attribute(q->name, "op_config", words, sizeof(words));
	return !*words || dsa_has_operation(words, opcode);
}

static bool no_svm(const struct dsa_queue_info *q)
{
	unsigned long long last;
	char text[64];

	/* What the last command to the device came to. */
	attribute(q->device, "cmd_status", text, sizeof(text));
	last = strtoull(text, NULL, 0);
	return says(q->device, "pasid_enabled", "0") || last == IDXD_SCMD_WQ_USER_NO_IOMMU ||
	       last == IDXD_SCMD_WQ_NO_SVM;
}

static void judge(struct dsa_queue_info *q)
{
	char state[32];

	attribute(q->name, "state", state, sizeof(state));
	if (!q->user)
		snprintf(q->why, sizeof(q->why), "it is of type %s, not user",
			 says(q->name, "type", "kernel") ? "kernel" : "none");
	else if (strcmp(state, "enabled") && no_svm(q))
		snprintf(q->why, sizeof(q->why),
			 "no shared virtual memory (SVM): boot with intel_iommu=on,sm_on");
	else if (strcmp(state, "enabled"))
		snprintf(q->why, sizeof(q->why), "it is %s, not enabled", *state ? state : "gone");
	else if (!q->size || !q->max_transfer)
		snprintf(q->why, sizeof(q->why), "its %s can't be read",
			 q->size ? "max_transfer_size" : "size");
	else if (!may(q, DSA_OPCODE_MEMMOVE))
		snprintf(q->why, sizeof(q->why), "it may not move memory (op_cap, op_config)");
}

static void describe(struct dsa_queue_info *q)
{
	char text[32];

	snprintf(q->name, sizeof(q->name), "wq%u.%u", q->of, q->number);
	snprintf(q->device, sizeof(q->device), "dsa%u", q->of);
	attribute(q->device, "numa_node", text, sizeof(text));
	q->node = *text >= '0' && *text <= '9' ? atoi(text) : -1;
	q->user = says(q->name, "type", "user");
	q->shared = says(q->name, "mode", "shared");
	q->block_on_fault = says(q->name, "block_on_fault", "1") &&
			    !says(q->name, "prs_disable", "1");
	q->size = (uint32_t)number(q->name, "size", UINT32_MAX);
	q->max_batch = (uint32_t)number(q->name, "max_batch_size", UINT32_MAX);
	q->max_transfer = number(q->name, "max_transfer_size", 1ull << 40);
	q->batches = q->max_batch > 1 && may(q, DSA_OPCODE_BATCH);
	judge(q);
}

/* IAA's queues are on this bus too, and named alike. */
static bool of_dsa(const struct dsa_queue_info *q)
{
	char path[512];
	DIR *folder;

	snprintf(path, sizeof(path), "%s/dsa%u", dsa_sysfs(), q->of);
	folder = sys_folder(path);
	if (folder)
		closedir(folder);
	return folder;
}

static int by_number(const void *a, const void *b)
{
	const struct dsa_queue_info *x = a, *y = b;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

int dsa_list(struct dsa_queue_info *list, int max)
{
	DIR *folder = sys_folder(dsa_sysfs());
	struct dirent *entry;
	int n = 0;

	if (!folder)
		return -ENOENT;
	while (n < max && (entry = readdir(folder))) {
		struct dsa_queue_info *q = &list[n];
		int end = 0;

		memset(q, 0, sizeof(*q));
		if (sscanf(entry->d_name, "wq%u.%u%n", &q->of, &q->number, &end) == 2 &&
		    !entry->d_name[end] && of_dsa(q))
			n++;
	}
	closedir(folder);
	qsort(list, (size_t)n, sizeof(*list), by_number);
	for (int i = 0; i < n; i++)
		describe(&list[i]);
	return n;
}

void dsa_none(const struct dsa_queue_info *list, int count, char *why, size_t len)
{
	if (count < 0) {
		snprintf(why, len, "no DSA device (no %s: is there one, and is idxd loaded?)",
			 dsa_sysfs());
		return;
	}
	/* What is nearest to being of use says most. */
	for (int i = 0; i < count; i++)
		if (list[i].user) {
			snprintf(why, len, "%s: %s", list[i].name, list[i].why);
			return;
		}
	if (count)
		snprintf(why, len, "no DSA queue of type user among the %d there are: docs/dsa.md",
			 count);
	else
		snprintf(why, len, "no DSA device (none in %s)", dsa_sysfs());
}

// SPDX-License-Identifier: GPL-2.0-only
#include "cpuinfo.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Names of arm64's parts, as lscpu has them. */
static const struct {
	unsigned int implementer, part;
	const char *name;
} parts[] = {
	{ 0x41, 0xd03, "Cortex-A53" },	   { 0x41, 0xd04, "Cortex-A35" },
	{ 0x41, 0xd05, "Cortex-A55" },	   { 0x41, 0xd07, "Cortex-A57" },
	{ 0x41, 0xd08, "Cortex-A72" },	   { 0x41, 0xd09, "Cortex-A73" },
	{ 0x41, 0xd0a, "Cortex-A75" },	   { 0x41, 0xd0b, "Cortex-A76" },
	{ 0x41, 0xd0c, "Neoverse-N1" },	   { 0x41, 0xd0d, "Cortex-A77" },
	{ 0x41, 0xd40, "Neoverse-V1" },	   { 0x41, 0xd41, "Cortex-A78" },
	{ 0x41, 0xd44, "Cortex-X1" },	   { 0x41, 0xd46, "Cortex-A510" },
	{ 0x41, 0xd47, "Cortex-A710" },	   { 0x41, 0xd48, "Cortex-X2" },
	{ 0x41, 0xd49, "Neoverse-N2" },	   { 0x41, 0xd4a, "Neoverse-E1" },
	{ 0x41, 0xd4d, "Cortex-A715" },	   { 0x41, 0xd4e, "Cortex-X3" },
	{ 0x41, 0xd4f, "Neoverse-V2" },	   { 0x41, 0xd80, "Cortex-A520" },
	{ 0x41, 0xd81, "Cortex-A720" },	   { 0x41, 0xd82, "Cortex-X4" },
	{ 0x41, 0xd84, "Neoverse-V3" },	   { 0x41, 0xd8e, "Neoverse-N3" },
	{ 0x42, 0x516, "ThunderX2" },	   { 0x43, 0x0a1, "ThunderX-88XX" },
	{ 0x43, 0x0af, "ThunderX2-99xx" }, { 0x46, 0x001, "A64FX" },
	{ 0x48, 0xd01, "TaiShan-v110" },   { 0x51, 0xc00, "Falkor" },
	{ 0x61, 0x022, "Icestorm-M1" },	   { 0x61, 0x023, "Firestorm-M1" },
	{ 0xc0, 0xac3, "Ampere-1" },	   { 0xc0, 0xac4, "Ampere-1a" },
};

/* "key : value": the value, cut out of the line, or NULL if it is of another key. */
static char *value_of(char *line, const char *key)
{
	size_t len = strlen(key);
	char *value = line + len;

	if (strncmp(line, key, len))
		return NULL;
	value += strspn(value, "\t ");
	if (*value++ != ':')
		return NULL;
	value += strspn(value, "\t ");
	value[strcspn(value, "\n")] = '\0';
	return value;
}

json_t *cpuinfo(const char *key)
{
	FILE *f = sys_file("/proc/cpuinfo");
	json_t *found = NULL;
	char line[4096];

	while (f && !found && fgets(line, sizeof(line), f)) {
		const char *value = value_of(line, key);

		if (value)
			found = json_string(value);
	}
	if (f)
		fclose(f);
	return found ? found : json_null();
}

static bool has(const char *key)
{
	json_t *value = cpuinfo(key);
	bool is = !json_is_null(value);

	json_decref(value);
	return is;
}

/* What was read of one CPU. */
struct numbers {
	char first[64], second[64], third[64], variant[16];
};

static void clear(struct numbers *n)
{
	*n = (struct numbers){ 0 };
}

static void take(char *line, const char *key, char *to, size_t len)
{
	const char *value = value_of(line, key);

	if (value)
		snprintf(to, len, "%s", value);
}

/* The line's part of a CPU's numbers; true when there are all. */
static bool read_arm(char *line, struct numbers *n)
{
	take(line, "CPU implementer", n->first, sizeof(n->first));
	take(line, "CPU variant", n->variant, sizeof(n->variant));
	take(line, "CPU part", n->second, sizeof(n->second));
	take(line, "CPU revision", n->third, sizeof(n->third));
	return n->first[0] && n->second[0] && n->third[0];
}

static bool read_riscv(char *line, struct numbers *n)
{
	take(line, "mvendorid", n->first, sizeof(n->first));
	take(line, "marchid", n->second, sizeof(n->second));
	take(line, "mimpid", n->third, sizeof(n->third));
	return n->first[0] && n->second[0] && n->third[0];
}

/* "processor 0: version = FF,  identification = 0133E8,  machine = 8561" */
static bool read_s390(char *line, struct numbers *n)
{
	const char *machine = strstr(line, "machine = ");

	take(line, "vendor_id", n->first, sizeof(n->first));
	if (strncmp(line, "processor ", 10) || !machine)
		return false;
	snprintf(n->second, sizeof(n->second), "%.*s", (int)strcspn(machine + 10, ", \n"),
		 machine + 10);
	return true;
}

static void arm_step(const struct numbers *n, char *to, size_t len)
{
	snprintf(to, len, "r%lup%s", strtoul(n->variant, NULL, 0), n->third);
}

static void name_numbers(const struct numbers *n, bool named, char *to, size_t len)
{
	char step[96];

	if (!n->variant[0]) {
		snprintf(to, len, "%s %s%s%s", n->first, n->second, n->third[0] ? " " : "",
			 n->third);
		return;
	}
	arm_step(n, step, sizeof(step));
	for (size_t i = 0; named && i < COUNT(parts); i++)
		if (parts[i].implementer == strtoul(n->first, NULL, 0) &&
		    parts[i].part == strtoul(n->second, NULL, 0)) {
			snprintf(to, len, "%s %s", parts[i].name, step);
			return;
		}
	snprintf(to, len, "%s %s %s", n->first, n->second, step);
}

/* "a, b": each once. */
static void add_kind(char *all, size_t len, const char *kind)
{
	size_t n = strlen(kind), used = strlen(all);

	for (const char *at = all; (at = strstr(at, kind)); at += n)
		if ((at == all || at[-1] == ' ') && (!at[n] || !strncmp(at + n, ", ", 2)))
			return;
	snprintf(all + used, len - used, "%s%s", used ? ", " : "", kind);
}

/* All kinds by the numbers that read() finds; NULL if there are none. */
static json_t *kinds_by_numbers(bool (*read)(char *line, struct numbers *n), bool named)
{
	FILE *f = sys_file("/proc/cpuinfo");
	char line[4096], kind[256], all[2048] = "";
	struct numbers n;

	clear(&n);
	while (f && fgets(line, sizeof(line), f)) {
		if (!read(line, &n))
			continue;
		name_numbers(&n, named, kind, sizeof(kind));
		add_kind(all, sizeof(all), kind);
		/* s390 says the vendor once for all of them. */
		if (read != read_s390)
			clear(&n);
	}
	if (f)
		fclose(f);
	return *all ? json_string(all) : NULL;
}

static json_t *kinds_by_name(const char *key)
{
	FILE *f = sys_file("/proc/cpuinfo");
	char line[4096], all[2048] = "";

	while (f && fgets(line, sizeof(line), f)) {
		const char *value = value_of(line, key);

		if (value && *value)
			add_kind(all, sizeof(all), value);
	}
	if (f)
		fclose(f);
	return *all ? json_string(all) : NULL;
}

json_t *cpu_ids(void)
{
	json_t *ids = kinds_by_numbers(read_arm, false);

	return ids ? ids : kinds_by_numbers(read_riscv, false);
}

json_t *cpu_model(void)
{
	/* x86, loongarch, riscv, mips, ppc64 and sparc */
	static const char *const names[] = { "model name", "Model Name", "uarch", "cpu model",
					     "cpu" };
	/* 32-bit arm has a model name that only says the architecture. */
	json_t *model = kinds_by_numbers(read_arm, true);

	for (size_t i = 0; !model && i < COUNT(names); i++)
		model = kinds_by_name(names[i]);
	if (!model)
		model = kinds_by_numbers(read_riscv, true);
	if (!model)
		model = kinds_by_numbers(read_s390, true);
	return model ? model : json_null();
}

json_t *cpu_family(void)
{
	return cpuinfo(has("CPU implementer") ? "CPU implementer" : "cpu family");
}

json_t *cpu_number(void)
{
	return cpuinfo(has("CPU part") ? "CPU part" : "model");
}

json_t *cpu_stepping(void)
{
	json_t *variant = cpuinfo("CPU variant"), *revision = cpuinfo("CPU revision"), *step;
	struct numbers n = { .first = "" };
	char text[96];

	if (json_is_string(variant) && json_is_string(revision)) {
		snprintf(n.variant, sizeof(n.variant), "%s", json_string_value(variant));
		snprintf(n.third, sizeof(n.third), "%s", json_string_value(revision));
		arm_step(&n, text, sizeof(text));
		step = json_string(text);
	} else {
		step = cpuinfo(has("stepping") ? "stepping" : "revision");
	}
	json_decref(variant);
	json_decref(revision);
	return step;
}

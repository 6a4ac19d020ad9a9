// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callers are addresses of one process; what is kept is the file and where in it, found out when
 * an address is seen for the first time, since nobody can ask a process that is gone.
 */
#include "modules.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <unistd.h>

static struct region *region;

/* What is looked for, and what was found. */
struct search {
	uintptr_t address;
	uintptr_t bias;
	const char *path;
	const uint8_t *id;
	uint32_t id_len;
};

static bool same_text(const char *a, const char *b, size_t n)
{
	size_t i = 0;

	while (i < n && a[i] && a[i] == b[i])
		i++;
	return i == n || a[i] == b[i];
}

static bool same_bytes(const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t i = 0;

	while (i < n && a[i] == b[i])
		i++;
	return i == n;
}

static bool is_entry(const struct module *m, const struct search *s)
{
	return m->id_len == s->id_len && same_bytes(m->id, s->id, s->id_len) &&
	       same_text(m->path, s->path, MODULE_PATH - 1);
}

static void fill(struct module *m, const struct search *s)
{
	size_t i;

	for (i = 0; i < MODULE_PATH - 1 && s->path[i]; i++)
		m->path[i] = s->path[i];
	m->path[i] = '\0';
	for (i = 0; i < s->id_len; i++)
		m->id[i] = s->id[i];
	m->id_len = s->id_len;
	__atomic_store_n(&m->state, 2, __ATOMIC_RELEASE);
}

/* Two that look at once may make two entries of one file; who reads them knows. */
static uint32_t entry_of(const struct search *s)
{
	uint32_t n = __atomic_load_n(&region->modules, __ATOMIC_ACQUIRE), i;

	for (i = 1; i < n && i < MODULES; i++)
		if (__atomic_load_n(&region->module[i].state, __ATOMIC_ACQUIRE) == 2 &&
		    is_entry(&region->module[i], s))
			return i;
	if (n >= MODULES)
		return 0;
	i = __atomic_fetch_add(&region->modules, 1, __ATOMIC_ACQ_REL);
	if (i >= MODULES)
		return 0;
	fill(&region->module[i], s);
	return i;
}

static void find_id(uintptr_t bias, const ElfW(Phdr) * note, struct search *s)
{
	const char *at = (const char *)(bias + note->p_vaddr);
	const char *end = at + note->p_memsz;

	while (at + sizeof(ElfW(Nhdr)) <= end) {
		const ElfW(Nhdr) *n = (const ElfW(Nhdr) *)at;
		const char *name = at + sizeof(*n);
		const char *id = name + ROUND_UP(n->n_namesz, 4);

		if (n->n_type == NT_GNU_BUILD_ID && n->n_namesz == 4 && same_text(name, "GNU", 4) &&
		    n->n_descsz <= BUILD_ID) {
			s->id = (const uint8_t *)id;
			s->id_len = n->n_descsz;
			return;
		}
		at = id + ROUND_UP(n->n_descsz, 4);
	}
}

/* The file's own headers lie where it is mapped. */
static void find_ids(const ElfW(Ehdr) * file, struct search *s)
{
	const ElfW(Phdr) *part = (const ElfW(Phdr) *)((const char *)file + file->e_phoff);

	for (unsigned int i = 0; i < file->e_phnum && !s->id_len; i++)
		if (part[i].p_type == PT_NOTE)
			find_id(s->bias, &part[i], s);
}

#if __GLIBC_PREREQ(2, 35)
/* Takes no lock: one might be held for good in a child of fork. */
static bool find(struct search *s)
{
	struct dl_find_object found;

	if (_dl_find_object((void *)s->address, &found))
		return false;
	s->bias = found.dlfo_link_map->l_addr;
	s->path = found.dlfo_link_map->l_name;
	find_ids(found.dlfo_map_start, s);
	return true;
}
#else
static int look(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *s = arg;
	uintptr_t first = UINTPTR_MAX;
	bool found = false;

	(void)size;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;

		if (info->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		first = start < first ? start : first;
		found |= s->address - start < info->dlpi_phdr[i].p_memsz;
	}
	if (!found)
		return 0;
	s->bias = info->dlpi_addr;
	s->path = info->dlpi_name;
	find_ids((const ElfW(Ehdr) *)(first & ~(PAGE - 1)), s);
	return 1;
}

static bool find(struct search *s)
{
	return dl_iterate_phdr(look, s);
}
#endif

static uint32_t own_entry;
static uintptr_t own_bias;

uint32_t module_program(struct region *r)
{
	static char path[MODULE_PATH];
	struct search s = { .address = getauxval(AT_ENTRY) };
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	region = r;
	path[n > 0 ? n : 0] = '\0';
	if (!find(&s))
		return 0;
	s.path = path;
	own_bias = s.bias;
	own_entry = entry_of(&s);
	return own_entry;
}

void module_of(uintptr_t address, struct caller *into)
{
	struct search s = { .address = address };

	into->module = 0;
	into->offset = address;
	if (!find(&s))
		return;
	into->offset = address - s.bias;
	into->module = !*s.path && s.bias == own_bias ? own_entry : entry_of(&s);
}

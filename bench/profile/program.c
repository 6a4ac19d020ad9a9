// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "machine/own_elf.h"

#define MOST_SCRIPTS 4 /* the kernel's own limit */
#define MOST_PARTS 256
#define MOST_NOTES 65536

static int try_path(struct program *p)
{
	struct stat st;

	if (stat(p->path, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	if (access(p->path, X_OK))
		return -errno;
	p->size = (uint64_t)st.st_size;
	p->mtime = st.st_mtim.tv_sec;
	return 0;
}

int program_find(const char *name, struct program *p)
{
	const char *folder = getenv("PATH");
	int worst = -ENOENT;

	*p = (struct program){ 0 };
	if (!*name)
		return -ENOENT;
	if (strchr(name, '/')) {
		snprintf(p->path, sizeof(p->path), "%s", name);
		return try_path(p);
	}
	if (!folder)
		folder = "/bin:/usr/bin";
	for (;;) {
		size_t len = strcspn(folder, ":");
		int ret;

		snprintf(p->path, sizeof(p->path), "%.*s%s%s", (int)len, folder, len ? "/" : "./",
			 name);
		ret = try_path(p);
		if (!ret)
			return 0;
		if (ret == -EACCES)
			worst = ret;
		if (!folder[len])
			return worst;
		folder += len + 1;
	}
}

/* The build id among notes, which anybody may have written. */
static void find_id(struct program *p, const char *notes, size_t size)
{
	size_t at = 0;

	while (size - at >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr n;
		size_t name, id;

		memcpy(&n, notes + at, sizeof(n));
		name = at + sizeof(n);
		if (n.n_namesz > size - name)
			return;
		id = name + (n.n_namesz + 3u) / 4 * 4;
		if (id > size || n.n_descsz > size - id)
			return;
		if (n.n_type == NT_GNU_BUILD_ID && n.n_namesz == 4 &&
		    !memcmp(notes + name, "GNU", 4) && n.n_descsz <= sizeof(p->id)) {
			memcpy(p->id, notes + id, n.n_descsz);
			p->id_len = n.n_descsz;
			return;
		}
		at = id + (n.n_descsz + 3u) / 4 * 4;
		if (at > size)
			return;
	}
}

static void read_notes(struct program *p, int fd, const Elf64_Phdr *part)
{
	size_t size = part->p_filesz < MOST_NOTES ? part->p_filesz : MOST_NOTES;
	char *notes = malloc(size + 1);
	ssize_t got = notes ? pread(fd, notes, size, (off_t)part->p_offset) : -1;

	if (got > 0)
		find_id(p, notes, (size_t)got);
	free(notes);
}

static int refuse(char *why, size_t len, const char *reason)
{
	snprintf(why, len, "%s", reason);
	return -ENOTSUP;
}

static int check_elf(struct program *p, int fd, const char *start, bool first, char *why,
		     size_t len)
{
	Elf64_Phdr parts[MOST_PARTS];
	Elf64_Ehdr head;
	bool linked = false;
	ssize_t got;

	if (start[EI_CLASS] != ELFCLASS64)
		return refuse(why, len, "it is no 64-bit program, so nothing of it can be seen");
	memcpy(&head, start, sizeof(head));
	if (head.e_machine != __ehdr_start.e_machine)
		return refuse(why, len,
			      "it is for another architecture, so nothing of it can be seen");
	got = pread(fd, parts, sizeof(parts), (off_t)head.e_phoff);
	for (size_t i = 0; i < head.e_phnum && (ssize_t)((i + 1) * sizeof(*parts)) <= got; i++) {
		linked |= parts[i].p_type == PT_INTERP;
		if (first && parts[i].p_type == PT_NOTE && !p->id_len)
			read_notes(p, fd, &parts[i]);
	}
	if (!linked)
		return refuse(why, len,
			      "it is a static program: nothing of it can be seen, as no library "
			      "can be put into it");
	return 0;
}

/* What the kernel runs for a script: the word after "#!". false: there is none. */
static bool interpreter(const char *start, char *path, size_t len)
{
	const char *word = start + 2 + strspn(start + 2, " \t");
	size_t n = strcspn(word, " \t\n");

	if (!n || n >= len)
		return false;
	memcpy(path, word, n);
	path[n] = '\0';
	return true;
}

/* Rights of its own make the dynamic linker deaf to LD_PRELOAD. */
static bool has_rights(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	if (((st.st_mode & S_ISUID) && st.st_uid != geteuid()) ||
	    ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && st.st_gid != getegid()))
		return true;
	return geteuid() && fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

int program_check(struct program *p, char *why, size_t len)
{
	char path[4096];
	int ret = 0;

	snprintf(path, sizeof(path), "%s", p->path);
	for (int i = 0; i < MOST_SCRIPTS; i++) {
		char start[512] = "";
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t got;
		bool script;

		/* What may be run need not be readable: then all that is left is to try. */
		if (fd < 0)
			return 0;
		got = pread(fd, start, sizeof(start) - 1, 0);
		script = got > 2 && !memcmp(start, "#!", 2);
		if (!script && has_rights(fd))
			ret = refuse(why, len,
				     "it runs with rights of its own (setuid, setgid or "
				     "capabilities), and no library is put into such a program");
		else if (got >= (ssize_t)sizeof(Elf64_Ehdr) && !memcmp(start, ELFMAG, SELFMAG))
			ret = check_elf(p, fd, start, !i, why, len);
		close(fd);
		if (!script || !interpreter(start, path, sizeof(path)))
			return ret;
	}
	return 0;
}

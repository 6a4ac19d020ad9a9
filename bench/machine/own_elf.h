/* SPDX-License-Identifier: GPL-2.0-only */
/* What kind of CPU this program was built for. */
#ifndef DMABENCH_OWN_ELF_H
#define DMABENCH_OWN_ELF_H

#include <link.h>

/* The header of this program's own file, as it was loaded; the name is the linker's. */
extern const ElfW(Ehdr) __ehdr_start;

#endif

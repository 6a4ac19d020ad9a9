/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_UNIT_H
#define DMABENCH_UNIT_H

/* cmocka wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif

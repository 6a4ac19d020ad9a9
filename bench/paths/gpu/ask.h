/* SPDX-License-Identifier: GPL-2.0-only */
/* A question that another process answers, as asking it would spoil this one. */
#ifndef DMABENCH_ASK_H
#define DMABENCH_ASK_H

#include <stddef.h>

/*
 * find(answer) in a child, and its len bytes of answer back here. 0, or -errno with why[]: it
 * died, or said nothing for so many seconds; it is ended then, or left behind if it can't be.
 */
int ask(void (*find)(void *answer), void *answer, size_t size, int seconds, char *why, size_t len);

#endif

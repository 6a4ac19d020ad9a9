// SPDX-License-Identifier: GPL-2.0-only
/* Where requests lie, how they are made, and what is said when one went wrong. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fuzz.h"

/*
 * The box: a page to read and write, one only to read (seen for writing at box_ro),
 * one for nothing. A request can lie across two of them.
 */
struct where place_request(struct worker *w, const struct call *c, const void *request, size_t size)
{
	struct where at = { .readable = true, .writable = true };
	size_t head = 1 + c->value % (size - 1);
	uint8_t *ro = w->box + PAGE, *none = w->box + 2 * PAGE;

	switch (c->argp) {
	case 1:
		return (struct where){ .address = NULL };
	case 2:
		return (struct where){ .address = (void *)hostile(c->value | 8) };
	case 3: /* can't be written */
		at.address = ro;
		at.real = w->box_ro;
		at.writable = false;
		memcpy(w->box_ro, request, size);
		return at;
	case 4: /* can be written in part */
		at.address = ro - head;
		at.writable = false;
		memcpy(ro - head, request, head);
		memcpy(w->box_ro, (const uint8_t *)request + head, size - head);
		return at;
	case 5: /* can be read in part */
		at.address = none - head;
		memcpy(w->box_ro + PAGE - head, request, head);
		at.readable = at.writable = false;
		return at;
	case 6: /* not at all */
		return (struct where){ .address = none };
	}
	at.address = w->box + c->value % 64;
	at.real = at.address;
	memcpy(at.address, request, size);
	return at;
}

/* Addresses that no program can use; with bit 3 set. Without: other odd numbers. */
uint64_t hostile(uint64_t value)
{
	static const uint64_t addresses[] = {
		0xffffffffffffffff,
		0xfffffffffffff000,
		0xffff888000000000,
		0xffffffff81000000,
		0xffffc90000000000,
		0x8000000000000000,
		0x0000800000000000,
		0x00007ffffffff000,
		0xffffffffffffe001,
		0x1000000000000000,
		1,
		4095,
	};
	static const uint64_t numbers[] = {
		0,
		1,
		2,
		3,
		4,
		63,
		64,
		4095,
		4096,
		4097,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000,
		0x100000001,
		0x8000000000000000,
		0xffffffffffffffff,
		0xfffffffffffff000,
		0x7ffffffffff,
		0x80000000000,
		0x7ffffffe000,
		0x10000000000,
		0x800000000,
		257,
		4000,
		0x4000000000,
	};

	if (value & 8)
		return addresses[(value >> 8) % (sizeof(addresses) / sizeof(addresses[0]))];
	return numbers[(value >> 8) % (sizeof(numbers) / sizeof(numbers[0]))];
}

/* A place in the arena for side i; mostly in the part that stays as it is. */
uint64_t user_address(const struct worker *w, const struct call *c, unsigned int i)
{
	unsigned int page = c->side[i] % (c->side[i] & 0x40 ? ARENA_PAGES : HOME_PAGES);

	return (uintptr_t)w->arena + page * PAGE + c->offset[i];
}

int make(struct worker *w, const char *name, int fd, unsigned long cmd, const struct where *at,
	 const void *request, size_t size)
{
	struct made *made = &w->made;

	made->name = name;
	made->fd = fd;
	made->cmd = cmd;
	made->odd = !at->real;
	made->address = (uintptr_t)at->address;
	made->request = true;
	memcpy(&made->in, request, size);
	if (w->world->trace)
		print_made(w, stderr);
	return ioctl(fd, cmd, at->address) ? errno : 0;
}

void allow(struct expect *e, int err)
{
	if (!allowed(e, err) && e->count < sizeof(e->err) / sizeof(e->err[0]))
		e->err[e->count++] = err;
}

bool allowed(const struct expect *e, int err)
{
	unsigned int i;

	for (i = 0; i < e->count; i++) {
		if (e->err[i] == err)
			return true;
	}
	return false;
}

bool judge(struct worker *w, const struct expect *expect, int err)
{
	struct expect with = *expect, *e = &with;
	char list[128] = "";
	size_t len = 0;
	unsigned int i;

	if (w->world->phase)
		unbind_allow(w, e);
	if (allowed(e, err)) {
		w->good[w->op] += !err;
		w->lost += err == ENODEV;
		return true;
	}
	for (i = 0; i < e->count; i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i ? " or " : "",
					e->err[i] ? strerrorname_np(e->err[i]) : "success");
	return mismatch(w, "expected %s, got %s", list, err ? strerrorname_np(err) : "success");
}

/* A request that failed is as it was, where that can be seen. */
bool untouched(struct worker *w, const struct where *at, const void *request, size_t size)
{
	if (!at->real || !memcmp(at->real, request, size))
		return true;
	return mismatch(w, "the request failed, and was written to");
}

void alarm_on(struct worker *w, const struct call *c)
{
	struct itimerspec soon = { .it_value.tv_nsec = c->alarm * 10000L };

	if (c->alarm && !w->child)
		timer_settime(w->timer, 0, &soon, NULL);
}

void alarm_off(struct worker *w, const struct call *c)
{
	static const struct itimerspec never;

	if (c->alarm && !w->child)
		timer_settime(w->timer, 0, &never, NULL);
}

bool mismatch(struct worker *w, const char *format, ...)
{
	va_list args;

	if (w->failed)
		return false;
	w->failed = true;
	pthread_mutex_lock(&w->world->print);
	fprintf(stderr, "# seed %llu, worker %u, call %lu%s:\n#   ",
		(unsigned long long)w->world->seed, w->index, w->index_of_call,
		w->child ? " in a child" : "");
	print_made(w, stderr);
	fprintf(stderr, "# mismatch: ");
	va_start(args, format);
	vsnprintf(w->what, sizeof(w->what), format, args);
	va_end(args);
	fprintf(stderr, "%s\n", w->what);
	fflush(stderr);
	pthread_mutex_unlock(&w->world->print);
	return false;
}

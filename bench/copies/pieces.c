// SPDX-License-Identifier: GPL-2.0-only
#include "pieces.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define LINE 64

struct pile {
	_Alignas(LINE) atomic_ulong taken; /* since round first */
	unsigned long first;
	unsigned long each; /* pieces in a round */
	struct part part;
};

struct pieces {
	unsigned int parts;
	size_t bytes;
	struct pile *piles;
	atomic_ulong *left; /* of each part: pieces of the round that aren't done */
};

struct pieces *pieces_new(unsigned int parts, size_t bytes)
{
	struct pieces *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->parts = parts;
	p->bytes = bytes;
	p->piles = aligned_alloc(LINE, parts * sizeof(*p->piles));
	p->left = calloc(parts, sizeof(*p->left));
	if (!p->piles || !p->left) {
		pieces_free(p);
		return NULL;
	}
	memset(p->piles, 0, parts * sizeof(*p->piles));
	return p;
}

void pieces_free(struct pieces *p)
{
	if (!p)
		return;
	free(p->piles);
	free(p->left);
	free(p);
}

void pieces_divide(struct pieces *p, const struct part *parts, unsigned long first)
{
	for (unsigned int i = 0; i < p->parts; i++) {
		p->piles[i].part = parts[i];
		p->piles[i].first = first;
		p->piles[i].each = (parts[i].size + p->bytes - 1) / p->bytes;
		atomic_store_explicit(&p->piles[i].taken, 0, memory_order_relaxed);
	}
}

void pieces_begin(struct pieces *p)
{
	for (unsigned int i = 0; i < p->parts; i++)
		atomic_store_explicit(&p->left[i], p->piles[i].each, memory_order_relaxed);
}

bool pieces_take(struct pieces *p, unsigned int part, unsigned long last, struct piece *piece)
{
	struct pile *pile = &p->piles[part];
	unsigned long n = atomic_load_explicit(&pile->taken, memory_order_relaxed);

	do {
		if (!pile->each || pile->first + n / pile->each > last)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(
		&pile->taken, &n, n + 1, memory_order_relaxed, memory_order_relaxed));
	piece->part = part;
	piece->from = n % pile->each * p->bytes;
	piece->size = pile->part.size - piece->from;
	if (piece->size > p->bytes)
		piece->size = p->bytes;
	piece->from += pile->part.from;
	return true;
}

void pieces_done(struct pieces *p, const struct piece *piece)
{
	atomic_fetch_sub_explicit(&p->left[piece->part], 1, memory_order_release);
}

bool pieces_complete(const struct pieces *p)
{
	for (unsigned int i = 0; i < p->parts; i++)
		if (atomic_load_explicit(&p->left[i], memory_order_acquire))
			return false;
	return true;
}

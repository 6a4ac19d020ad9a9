/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of rounds in pieces that anybody may take, each once: those of a part in order, from
 * round to round. No lock: whoever counts a part's number up has the piece.
 */
#ifndef DMABENCH_PIECES_H
#define DMABENCH_PIECES_H

#include <stdbool.h>
#include <stddef.h>

#include "share_out.h"

struct pieces;

struct piece {
	unsigned int part;
	size_t from, size; /* bytes */
};

/* A piece is bytes long, but for a part's last. NULL: no memory. */
struct pieces *pieces_new(unsigned int parts, size_t bytes);
void pieces_free(struct pieces *p);

/* While nobody takes any: from round first on, the parts are these. */
void pieces_divide(struct pieces *p, const struct part *parts, unsigned long first);

/* Before the next round may be taken from, and the last one is complete. */
void pieces_begin(struct pieces *p);

/* The next of a part in rounds up to last, or false: whoever is late asks for none of a later one. */
bool pieces_take(struct pieces *p, unsigned int part, unsigned long last, struct piece *piece);
void pieces_done(struct pieces *p, const struct piece *piece);

/* The round that was begun last. */
bool pieces_complete(const struct pieces *p);

#endif

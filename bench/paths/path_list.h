/* SPDX-License-Identifier: GPL-2.0-only */
/* Every path, in the order of lists and legends: one line each. */
PATH(memcpy)
PATH(movsb)
PATH(nt)
PATH(memcpy_mt)
PATH(pinned)
PATH(registered)
PATH(coherent)
PATH(engine)
PATH(cow_private)
PATH(cow_fork)
PATH(mremap)
PATH(null)

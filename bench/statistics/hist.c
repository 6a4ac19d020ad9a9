// SPDX-License-Identifier: GPL-2.0-only
#include "hist.h"

#define UNITS_PER_NS 1024.0
#define SUB_COUNT (1u << HIST_SUB_BITS)

static size_t bucket_of(uint64_t units)
{
	unsigned int octave;

	if (units < SUB_COUNT)
		return units;
	octave = 63 - (unsigned int)__builtin_clzll(units) - HIST_SUB_BITS;
	return ((size_t)(octave + 1) << HIST_SUB_BITS) + ((units >> octave) & (SUB_COUNT - 1));
}

/* The middle of a bucket, in ns. */
static double middle_of(size_t bucket)
{
	size_t octave = bucket >> HIST_SUB_BITS, sub = bucket & (SUB_COUNT - 1);

	if (!octave)
		return ((double)sub + 0.5) / UNITS_PER_NS;
	return ((double)(SUB_COUNT + sub) + 0.5) * (double)(1ull << (octave - 1)) / UNITS_PER_NS;
}

void hist_record(struct hist *h, double ns, uint64_t ops)
{
	double each = ns / (double)ops;

	h->n[bucket_of((uint64_t)(each * UNITS_PER_NS))]++;
	h->count++;
	if (each > h->max_ns)
		h->max_ns = each;
}

void hist_record_many(struct hist *h, double middle_ns, uint64_t n)
{
	h->n[bucket_of((uint64_t)(middle_ns * UNITS_PER_NS))] += n;
	h->count += n;
}

double hist_quantile(const struct hist *h, double q)
{
	/* 0.07 * 100 is a little over 7: a whole rank must not slip to the next timing. */
	double rank = q * (double)h->count * (1 - 1e-12);
	uint64_t below = 0;

	for (size_t i = 0; i < HIST_BUCKETS; i++) {
		below += h->n[i];
		if (below && (double)below >= rank) {
			double at = middle_of(i);

			return at < h->max_ns ? at : h->max_ns;
		}
	}
	return 0;
}

bool hist_supports(const struct hist *h, double q)
{
	if (q <= 0.5)
		return h->count;
	return (1 - q) * (double)h->count * (1 + 1e-12) >= HIST_BEYOND;
}

bool hist_next(const struct hist *h, size_t *at, double *ns, uint64_t *count)
{
	while (*at < HIST_BUCKETS && !h->n[*at])
		++*at;
	if (*at == HIST_BUCKETS)
		return false;
	*ns = middle_of(*at);
	*count = h->n[(*at)++];
	return true;
}

void hist_merge(struct hist *into, const struct hist *from)
{
	for (size_t i = 0; i < HIST_BUCKETS; i++)
		into->n[i] += from->n[i];
	into->count += from->count;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
}

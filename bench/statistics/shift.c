// SPDX-License-Identifier: GPL-2.0-only
#include "shift.h"

#include <stdint.h>
#include <string.h>

#include "ranks.h"

/* Doubles as integers of the same order, so that halving ends at a double for certain. */
static uint64_t to_order(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits >> 63 ? ~bits : bits | 1ull << 63;
}

static double from_order(uint64_t order)
{
	uint64_t bits = order >> 63 ? order & ~(1ull << 63) : ~order;
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

struct lists {
	const double *x, *y;
	size_t m, n;
};

static size_t differences_up_to(const struct lists *l, double v)
{
	size_t count = 0, i = 0;

	for (size_t j = 0; j < l->n; j++) {
		while (i < l->m && l->y[j] - l->x[i] > v)
			i++;
		count += l->m - i;
	}
	return count;
}

static double average(double a, double b)
{
	return (a + b) / 2;
}

static size_t averages_up_to(const struct lists *l, double v)
{
	size_t both = 0, same = 0, j = l->n;

	for (size_t i = 0; i < l->n; i++) {
		while (j > 0 && average(l->y[i], l->y[j - 1]) > v)
			j--;
		both += j;
		same += l->y[i] <= v;
	}
	return (both + same) / 2;
}

static double kth(const struct lists *l, size_t (*up_to)(const struct lists *l, double v),
		  double least, double most, size_t k)
{
	uint64_t lo = to_order(least), hi = to_order(most);

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (up_to(l, from_order(mid)) >= k)
			hi = mid;
		else
			lo = mid + 1;
	}
	return from_order(lo) + 0.0; /* no minus before a zero */
}

double shift_difference(const double *x, size_t m, const double *y, size_t n, size_t k)
{
	const struct lists l = { x, y, m, n };

	return kth(&l, differences_up_to, y[0] - x[m - 1], y[n - 1] - x[0], k);
}

double shift_average(const double *d, size_t n, size_t k)
{
	const struct lists l = { NULL, d, 0, n };

	return kth(&l, averages_up_to, d[0], d[n - 1], k);
}

double shift_two_median(const double *x, size_t m, const double *y, size_t n)
{
	size_t all = m * n;
	double upper = shift_difference(x, m, y, n, all / 2 + 1);

	return all % 2 ? upper : average(shift_difference(x, m, y, n, all / 2), upper);
}

double shift_pair_median(const double *d, size_t n)
{
	size_t all = n * (n + 1) / 2;
	double upper = shift_average(d, n, all / 2 + 1);

	return all % 2 ? upper : average(shift_average(d, n, all / 2), upper);
}

/*
 * With c the critical value: a shift is refused as too small when c or more differences
 * are above it, that is, when the c-th largest is. So that one is the lower end.
 */
int shift_two(const double *x, size_t m, const double *y, size_t n, double beyond,
	      struct shift *out)
{
	size_t c;
	int ret = ranks_critical_two(m, n, beyond / 2, &c);

	if (ret)
		return ret;
	out->value = shift_two_median(x, m, y, n);
	out->have_interval = c <= m * n;
	out->lo = out->have_interval ? shift_difference(x, m, y, n, m * n - c + 1) : 0;
	out->hi = out->have_interval ? shift_difference(x, m, y, n, c) : 0;
	return 0;
}

int shift_pair(const double *d, size_t n, double beyond, struct shift *out)
{
	size_t c, all = n * (n + 1) / 2;
	int ret = ranks_critical_pair(n, beyond / 2, &c);

	if (ret)
		return ret;
	out->value = shift_pair_median(d, n);
	out->have_interval = c <= all;
	out->lo = out->have_interval ? shift_average(d, n, all - c + 1) : 0;
	out->hi = out->have_interval ? shift_average(d, n, c) : 0;
	return 0;
}

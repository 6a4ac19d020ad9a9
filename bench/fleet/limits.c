// SPDX-License-Identifier: GPL-2.0-only
/* How far the farthest of n comes by chance: fleet_rates --limits makes the table. */
#include <math.h>

#include "stand_out.h"

struct limit {
	size_t n;
	double whole, worst;
};

static const struct limit limits[] = {
	{ 8, 12.5, 15.3 },    { 9, 14.0, 13.3 },   { 10, 12.6, 12.7 },	{ 11, 11.5, 11.4 },
	{ 12, 12.2, 13.9 },   { 13, 12.7, 13.3 },  { 14, 12.1, 12.5 },	{ 15, 11.7, 12.0 },
	{ 16, 12.0, 13.5 },   { 17, 12.4, 13.2 },  { 18, 12.0, 12.8 },	{ 19, 11.3, 12.5 },
	{ 20, 11.8, 13.5 },   { 21, 12.2, 13.1 },  { 22, 11.7, 12.8 },	{ 23, 11.2, 12.5 },
	{ 24, 11.7, 13.4 },   { 32, 11.3, 13.5 },  { 48, 11.2, 13.9 },	{ 64, 11.2, 14.1 },
	{ 100, 10.8, 14.7 },  { 200, 11.6, 15.4 }, { 500, 13.2, 17.1 }, { 1000, 16.2, 17.7 },
	{ 2000, 19.1, 17.9 },
};

#define LIMITS (sizeof(limits) / sizeof(limits[0]))

/* Straight between the rows, and beyond the last, in logarithms of both. */
static double limit_at(size_t n, bool whole)
{
	size_t i = 1;
	double x0, x1, y0, y1;

	while (i + 1 < LIMITS && limits[i].n < n)
		i++;
	x0 = log((double)limits[i - 1].n);
	x1 = log((double)limits[i].n);
	y0 = log(whole ? limits[i - 1].whole : limits[i - 1].worst);
	y1 = log(whole ? limits[i].whole : limits[i].worst);
	return exp(y0 + (y1 - y0) * (log((double)n) - x0) / (x1 - x0));
}

double limit_of_wholes(size_t n)
{
	return limit_at(n, true);
}

double limit_of_worsts(size_t n)
{
	return limit_at(n, false);
}

// SPDX-License-Identifier: GPL-2.0-only
/* How far the farthest of n comes by chance: fleet_rates --limits makes the table. */
#include <math.h>

#include "stand_out.h"

struct limit {
	size_t n;
	double whole, worst;
};

static const struct limit limits[] = {
	{ 8, 13.1, 15.5 },   { 9, 13.9, 13.5 },	  { 10, 12.6, 12.8 },	{ 12, 12.2, 14.0 },
	{ 14, 11.8, 12.5 },  { 16, 11.9, 13.6 },  { 20, 12.0, 13.4 },	{ 24, 11.7, 13.6 },
	{ 32, 11.6, 13.5 },  { 48, 11.3, 14.0 },  { 64, 11.0, 14.0 },	{ 100, 11.0, 14.6 },
	{ 200, 11.4, 15.4 }, { 500, 14.7, 16.6 }, { 1000, 16.4, 17.8 },
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

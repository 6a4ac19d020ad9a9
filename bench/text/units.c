// SPDX-License-Identifier: GPL-2.0-only
#include "units.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

struct unit {
	double of; /* from so much on */
	const char *name;
};

double unit_round(double value, int digits)
{
	double step;

	if (value == 0 || !isfinite(value))
		return value;
	step = pow(10, floor(log10(fabs(value))) - digits + 1);
	/* A step below one isn't exact in binary, its inverse is. */
	return step >= 1 ? round(value / step) * step
			 : round(value * round(1 / step)) / round(1 / step);
}

/* The unit that it has when rounded: 999.9 ns is 1 µs. The last of units is for whatever is less. */
static const struct unit *fitting(double value, const struct unit *units)
{
	while (units->of > 1 && unit_round(value, 4) < units->of)
		units++;
	return units;
}

static const char *scaled(double value, const struct unit *units, int digits, char *buf)
{
	const struct unit *unit = fitting(value, units);

	snprintf(buf, UNIT_TEXT, "%.10g%s", unit_round(value / unit->of, digits), unit->name);
	return buf;
}

static const struct unit binary[] = {
	{ 1073741824.0, "G" }, { 1048576, "M" }, { 1024, "K" }, { 1, "" }
};

const char *unit_bytes(double bytes, char *buf)
{
	const double of = fitting(bytes, binary)->of;

	if (bytes == floor(bytes) && unit_round(bytes / of, 3) * of != bytes) {
		snprintf(buf, UNIT_TEXT, "%.0f", bytes);
		return buf;
	}
	return scaled(bytes, binary, 3, buf);
}

const char *unit_bytes_about(double bytes, char *buf)
{
	return scaled(bytes, binary, 2, buf);
}

const char *unit_duration(double ns, char *buf)
{
	static const struct unit units[] = {
		{ 1e9, " s" }, { 1e6, " ms" }, { 1e3, " µs" }, { 1, " ns" }
	};

	return scaled(ns, units, 3, buf);
}

const char *unit_rate(double bytes_per_s, char *buf)
{
	static const struct unit units[] = {
		{ 1e9, " GB/s" }, { 1e6, " MB/s" }, { 1e3, " kB/s" }, { 1, " B/s" }
	};

	return scaled(bytes_per_s, units, 3, buf);
}

const char *unit_decimal(double bytes, char *buf)
{
	static const struct unit units[] = { { 1e15, " PB" }, { 1e12, " TB" }, { 1e9, " GB" },
					     { 1e6, " MB" },  { 1e3, " kB" },  { 1, " B" } };

	return scaled(bytes, units, 3, buf);
}

const char *unit_percent(double share, char *buf)
{
	if (share > 0 && share < 1e-4)
		snprintf(buf, UNIT_TEXT, "<0.01 %%");
	else
		snprintf(buf, UNIT_TEXT, "%.10g %%", unit_round(100 * share, 2));
	return buf;
}

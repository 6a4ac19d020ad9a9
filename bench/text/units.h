/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures as people read them: three digits and the unit that fits. */
#ifndef DMABENCH_UNITS_H
#define DMABENCH_UNITS_H

#define UNIT_TEXT 32

/* Each writes into buf[UNIT_TEXT] and gives it back. */
const char *unit_bytes(double bytes, char *buf); /* binary: "64K", "1.5M"; all of it: "4097" */
const char *unit_bytes_about(double bytes, char *buf); /* two digits: "260K" */
const char *unit_duration(double ns, char *buf);       /* "12.3 µs" */
const char *unit_rate(double bytes_per_s, char *buf);  /* decimal: "9.8 GB/s" */
const char *unit_decimal(double bytes, char *buf);     /* "64 kB", "1.5 MB" */
const char *unit_percent(double share, char *buf);     /* of 1: "12 %", "<0.01 %" */

/* Rounded to so many significant digits. */
double unit_round(double value, int digits);

#endif

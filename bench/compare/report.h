/* SPDX-License-Identifier: GPL-2.0-only */
/* What a comparison came to, in each format. Nothing here decides anything. */
#ifndef DMABENCH_REPORT_H
#define DMABENCH_REPORT_H

#include <stdio.h>

#include "compared.h"

typedef void report_writer(const struct compare *cmp, FILE *to);

report_writer report_text, report_markdown, report_json, report_junit, report_ktap, report_bigger,
	report_smaller, report_bmf, report_google_benchmark;

/* What formats share; the buffers are the caller's, 32 bytes. */
#define CELL 32

/* "+4.2 %"; "-" where there is none. */
const char *cell_percent(double share, char *cell);
const char *cell_time(double ns, char *cell);			   /* "189 ns", "1.20 ms" */
const char *cell_interval(const struct comparison *c, char *cell); /* "[+1.0, +2.0]" */
const char *cell_p(const struct comparison *c, char *cell);

/* How the whole came out, "no regression". */
const char *report_outcome(const struct compare *cmp);
/* "exact Mann-Whitney U", "exact Wilcoxon signed rank"; approximated: with large samples. */
const char *report_method(const struct compare *cmp);
/* "software" where an engine or machine isn't hardware and its figure is compared anyway. */
const char *report_kind(const struct entry *e);
/* Is there a change to show, tested or counted? */
bool report_has_change(const struct entry *e, const struct comparison *c);

/* One difference: "host: kernel was "5.4", is "5.10" (named)"; free it. NULL: no memory. */
char *report_difference(const json_t *difference);

/* Write every output that was asked for, whole or not at all. 0, or -errno with its file. */
int report_all(const struct compare *cmp, const char **file);

#endif

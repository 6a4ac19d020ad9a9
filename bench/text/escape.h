/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text of a result file is anybody's: ids, reasons and names go through one of these before
 * they reach a terminal, a page or a parser. All take valid UTF-8, as jansson gives it;
 * control characters and those that turn or hide text become "?".
 */
#ifndef DMABENCH_ESCAPE_H
#define DMABENCH_ESCAPE_H

#include <stdio.h>

/* Take away a last character that a buffer's end has cut through. */
void whole_characters(char *text);

/* For a terminal, one line. */
void put_plain(FILE *to, const char *text);

/* XML character data and attribute values. */
void put_xml(FILE *to, const char *text);

/* A Markdown code span that stays in its table cell: no markup, links or mentions in it. */
void put_code(FILE *to, const char *text);

/* A field between tabs: both they and ends of lines become blanks. */
void put_tsv(FILE *to, const char *text);

/* A field of a comma-separated file, in quotes where it must be. */
void put_csv(FILE *to, const char *text);

/* The description of a KTAP line: no "#", which would begin a directive. */
void put_ktap(FILE *to, const char *text);

#endif

// SPDX-License-Identifier: GPL-2.0-only
#include "escape.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of a character, as its first one says. */
static size_t promised(unsigned char first)
{
	return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}

/* Bytes of the character at p; 1 if it isn't UTF-8. */
static size_t length(const unsigned char *p)
{
	size_t len = promised(*p);

	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 1;
	return len;
}

void whole_characters(char *text)
{
	size_t len = strlen(text), back = 1;

	while (back < 4 && back < len && ((unsigned char)text[len - back] & 0xc0) == 0x80)
		back++;
	if (len && promised((unsigned char)text[len - back]) > back)
		text[len - back] = '\0';
}

/* Control characters, line separators, marks that turn the direction, no characters. */
static bool harmful(const unsigned char *p, size_t len)
{
	unsigned int c = *p;

	if (len == 1)
		return c < 0x20 || c >= 0x7f;
	if (len == 2)
		c = (c & 0x1f) << 6 | (p[1] & 0x3f);
	else if (len == 3)
		c = (c & 0x0f) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3f);
	else
		return false;
	return c < 0xa0 || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || (c >= 0xd800 && c <= 0xdfff) || c == 0xfeff ||
	       c >= 0xfffe;
}

/* replace: what a character becomes, NULL: itself. */
static void put(FILE *to, const char *text, const char *(*replace)(char c))
{
	for (const unsigned char *p = (const unsigned char *)text; *p;) {
		size_t len = length(p);
		const char *other = len == 1 && replace ? replace((char)*p) : NULL;

		if (other)
			fputs(other, to);
		else if (harmful(p, len))
			fputc('?', to);
		else
			fwrite(p, 1, len, to);
		p += len;
	}
}

void put_plain(FILE *to, const char *text)
{
	put(to, text, NULL);
}

static const char *xml(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	}
	return NULL;
}

void put_xml(FILE *to, const char *text)
{
	put(to, text, xml);
}

static const char *code(char c)
{
	/* A backtick would end the span, a bar the cell even inside of it. */
	return c == '`' ? "'" : c == '|' ? "\\|" : NULL;
}

void put_code(FILE *to, const char *text)
{
	fputc('`', to);
	/* An empty span isn't one. */
	put(to, *text ? text : " ", code);
	fputc('`', to);
}

static const char *tsv(char c)
{
	return c == '\t' || c == '\n' ? " " : NULL;
}

void put_tsv(FILE *to, const char *text)
{
	put(to, text, tsv);
}

static const char *csv(char c)
{
	return c == '"' ? "\"\"" : c == '\n' ? "\n" : NULL;
}

void put_csv(FILE *to, const char *text)
{
	const char *quote = strpbrk(text, ",\"\n") ? "\"" : "";

	fputs(quote, to);
	put(to, text, csv);
	fputs(quote, to);
}

static const char *ktap(char c)
{
	return c == '#' ? "_" : NULL;
}

void put_ktap(FILE *to, const char *text)
{
	put(to, text, ktap);
}

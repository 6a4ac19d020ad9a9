/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The results of many machines: who is of one kind, and who stands out from it. A result is read,
 * its values are taken, and it is let go of before the next one is read.
 */
#ifndef DMABENCH_FLEET_H
#define DMABENCH_FLEET_H

#include <jansson.h>
#include <stdio.h>

#include "compare/compared.h"
#include "stand_out.h"

#define FLEET_SCHEMA "dmabench-fleet/1"
#define ASKED_SCHEMA "dmabench-asked/1"
#define ASKED_FILE "asked.json" /* beside a machine's result.json: it was asked for one */

/* A machine's value of a case: logarithms. */
struct fleet_value {
	size_t c; /* of the kind's cases */
	double value, error;
	size_t launches;
};

struct fleet_machine {
	char *file, *name, *start; /* file: below the folder */
	size_t kind;		   /* of the fleet's kinds */
	struct fleet_value *values;
	size_t n;
	json_t *settings; /* {name: text}, texts shared with other machines */
	json_t *failed;	  /* array of {id, reason}: wrong bytes, or a launch that died */
	json_t *skipped;  /* {id: reason}, reasons shared with other machines */
	/* By kind_judge(). */
	size_t at;	     /* its row in the kind's group */
	json_t *differences; /* array of {name, is, most}: settings that its kind has otherwise */
	json_t *lacks;	     /* array of {id, reason}: cases that most of its kind have */
};

/* Machines that are alike: CPU, memory, nodes, kernel, engines, what was run on them. */
struct fleet_kind {
	char *key;     /* what is quickly told apart */
	json_t *model; /* its first machine's result, without figures */
	json_t *cases; /* array: the cases of its machines, without figures */
	json_t *index; /* {id: number in cases} */
	size_t n;      /* machines */
	size_t *order; /* of the fleet's machines, the worst first */
	size_t norder;
	struct group group;
	double *value, *error; /* the group's */
	struct case_family *families;
	char **family_names; /* "path nt", "size 16M" */
	size_t nfamilies;
	bool judged;
};

struct fleet {
	const char *folder;
	enum location location;
	double threshold;
	bool cases;   /* the text has each of them */
	bool partial; /* machines that can't be judged don't count */
	struct fleet_machine *machines;
	size_t n;
	struct fleet_kind *kinds; /* in the order of kind_order */
	size_t nkinds;
	json_t *left_out; /* array of {file, name, reason}: not whole, or there twice */
	json_t *silent;	  /* array of {file, name, reason}: asked, and no answer */
	json_t *texts;	  /* {text: itself}, shared */
	size_t slower, faster, unjudged;
	int status; /* EXIT_* */
};

/* read.c: all results of the folder. 0, or -errno if it can't be read. */
int fleet_read(struct fleet *f);
/* judge.c: 0 or -ENOMEM. */
int fleet_judge(struct fleet *f);
void fleet_free(struct fleet *f);

/* kinds.c: the kind of a result, a new one if there is none like it; or -ENOMEM. */
int kind_of(struct fleet *f, json_t *result, size_t *kind);
/* The number of a case in its kind, taken in if it is new. 0 or -ENOMEM. */
int kind_case(struct fleet_kind *kind, const json_t *c, size_t *number);
void kind_free(struct fleet_kind *kind);

/* families.c: of all cases of the kind. 0 or -ENOMEM; families_free() in any case. */
int families_make(struct fleet_kind *kind);
void families_free(struct fleet_kind *kind);

/* settings.c: what may differ within a kind, {name: text}; new reference or NULL. */
json_t *settings_of(struct fleet *f, const json_t *result);
/* Fill differences of a kind's machines: what most of them have otherwise. 0 or -ENOMEM. */
int settings_compare(struct fleet *f, size_t kind);
/* The text, one for all that have it; borrowed. NULL: no memory. */
json_t *shared_text(struct fleet *f, const char *text);

/* How a machine stands within its kind; NULL: not judged. */
const struct machine_standing *machine_standing(const struct fleet *f,
						const struct fleet_machine *m);
/* The worst that is said of it, as a whole or of a case. */
enum standing machine_stands(const struct fleet *f, const struct fleet_machine *m);

/* report.c, report_json.c */
typedef void fleet_writer(const struct fleet *f, FILE *to);
fleet_writer fleet_text, fleet_markdown, fleet_json;

#endif

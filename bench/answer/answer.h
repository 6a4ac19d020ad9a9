/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a result answers, environment by environment: sentences, the best path in each field of a
 * map (size across, what one wants down), and the winners that both rest on.
 */
#ifndef DMABENCH_ANSWER_H
#define DMABENCH_ANSWER_H

#include <jansson.h>
#include <stdio.h>

#include "shown.h"

/*
 * An array of {env, platform, advice, sentences[], winners[], map[], costs[], directions[]}:
 * results/README.md has the fields. Emulated machines give no advice: they have one sentence and nothing else. NULL: no
 * memory.
 */
json_t *answer_make(const json_t *result);

/* "the host: one thread copies fastest with …", 1 to 4 of them, appended to sentences. 0 or -ENOMEM. */
int answer_sentences(const struct shown_list *list, const json_t *environment, json_t *sentences);

/* sentences.c and not_copying.c: "1K to 64M", or the only size; when not copying pays. 0 or -ENOMEM. */
void answer_sizes(FILE *to, double first, double last);
int answer_not_copying(FILE *to, const struct shown_list *list);

/* no_engine.c: where no copy by hardware was measured. */
const char *answer_no_engine(const json_t *environment);

/* Rows {want, fields[]}, appended to map. 0 or -ENOMEM. */
int answer_map(const struct shown_list *list, json_t *map);

#endif

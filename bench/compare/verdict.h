/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decision, without input or output: docs/gate.md says what the rule is and how often it is
 * wrong. One launch is one observation; every comparison is one figure of one case.
 */
#ifndef DMABENCH_VERDICT_H
#define DMABENCH_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From the worst on: reports are in this order. */
enum verdict {
	VERDICT_FAIL,	      /* worse: significantly, by enough, and beyond doubt by some */
	VERDICT_MISSING,      /* the base has it and NEW hasn't: a failure too */
	VERDICT_UNSTABLE,     /* too noisy to see the threshold */
	VERDICT_INCONCLUSIVE, /* too few launches, or nothing to compare */
	VERDICT_IMPROVED,
	VERDICT_OK,
	VERDICT_DESCRIBED, /* nothing was decided: how far apart they are */
	VERDICT_NEW,	   /* only NEW has it */
	VERDICT_SKIPPED,   /* not compared, and the reason why */
	VERDICTS
};

extern const char *const verdict_names[VERDICTS]; /* "FAIL" … */

struct rule {
	double alpha;		/* family-wise, 0.01 */
	double threshold;	/* smallest change that fails, as a share: 0.05 */
	double certain;		/* what a failure must exceed beyond doubt: 0.01 */
	double exact_threshold; /* where figures are deterministic: 0.005 */
	size_t min_launches;	/* a side, for a verdict: 8 */
	bool describe;		/* decide nothing */
	bool paired;		/* launch i of one side belongs to launch i of the other */
};

/* alpha 1 %, threshold 5 %, certain 1 %, exact threshold 0.5 %, 8 launches, not paired. */
extern const struct rule rule_default;

struct comparison {
	/* In: logarithms of what each launch measured, larger is worse. Order is launch order. */
	const double *base, *now;
	size_t nbase, nnow;
	double stored_floor; /* share of the figure that the baseline says is noise; 0: none */
	bool exact;	     /* deterministic: no statistics, one launch is enough */
	uint64_t seed;
	bool settled; /* verdict and reason are given: left alone */

	bool first_failed; /* by the first block; verdict is what the confirmation made of it */

	/* Out. Changes are shares of the base: 0.05 is 5 % worse, -0.05 5 % better. */
	enum verdict verdict;
	char reason[160]; /* why, unless OK or IMPROVED */
	bool described;	  /* change and its interval were computed, nothing else */
	bool tested;	  /* what follows was computed */
	bool exact_p;	  /* no approximation in p */
	double p_worse, p_better, adjusted_worse, adjusted_better;
	double change;
	bool have_interval;
	double lo, hi; /* 95 % */
	/*
	 * With 1 - alpha for all comparisons at once, the change is at least, at most this;
	 * -1 and HUGE_VAL where so few launches can't say.
	 */
	double at_least, at_most;
	double floor;	 /* A/A: the larger of measured and stored */
	double detects;	 /* smallest change found with 80 % power; HUGE_VAL: never */
	size_t launches; /* UNSTABLE by noise: about so many would do; 0: over 1000 */
};

/* What a decision came to. */
struct family {
	size_t size;  /* comparisons that were tested together */
	double level; /* alpha / size: what the first must reach */
};

/* Decide all n together. 0 or -ENOMEM. */
int decide(struct comparison *c, size_t n, const struct rule *rule, struct family *family);

/* For each that is UNSTABLE by noise: how many launches it would take. Slow, so apart. 0 or -ENOMEM. */
int decide_launches(struct comparison *c, size_t n, const struct rule *rule,
		    const struct family *family);

#endif

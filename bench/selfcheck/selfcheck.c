// SPDX-License-Identifier: GPL-2.0-only
#include "selfcheck.h"

#include <stdio.h>
#include <string.h>

#include "machine/nodes.h"
#include "measure/launch.h"
#include "statistics/rng.h"
#include "statistics/stats.h"

#define LIMIT_NS (120ull * 1000000000ull)

void check_judge(struct check *c, double *v, size_t n)
{
	c->verdict = CHECK_UNDECIDED;
	if (!n)
		return;
	c->measured = stats_median(v, n);
	c->have_measured = true;
	c->have_interval = median_interval(v, n, &c->lo, &c->hi);
	if (c->have_interval)
		c->verdict = check_verdict_of(c->expected, c->tolerance, c->lo, c->hi);
}

void selfcheck_add(struct selfcheck *s, const struct check *c)
{
	json_t *interval = c->have_interval ? json_pack("[f,f]", c->lo, c->hi) : json_null();
	json_t *measured = c->have_measured ? json_real(c->measured) : json_null();

	s->wrong |= c->verdict == CHECK_WRONG;
	s->undecided |= c->verdict == CHECK_UNDECIDED;
	fprintf(stderr, "%s: %s\n", c->name, check_verdict_names[c->verdict]);
	json_array_append_new(s->list,
			      json_pack("{s:s,s:s,s:s,s:f,s:f,s:o,s:s,s:o,s:s,s:s}", "name",
					c->name, "env", s->env, "what", c->what, "expected",
					c->expected, "tolerance", c->tolerance, "measured",
					measured, "unit", c->unit, "interval", interval, "verdict",
					check_verdict_names[c->verdict], "detail", c->detail));
}

/* What two measurements that say "wrong" and *again make of it. */
static void confirm(const struct check *first, struct check *again)
{
	size_t used = strlen(again->detail);
	bool same = again->verdict == CHECK_WRONG &&
		    (again->measured > again->expected) == (first->measured > first->expected);

	snprintf(again->detail + used, sizeof(again->detail) - used,
		 "; wrong by a measurement before (%.4g), %s", first->measured,
		 same ? "and again" : "not again");
	again->verdict = same ? CHECK_WRONG : CHECK_UNDECIDED;
}

int selfcheck_measured(struct selfcheck *s, struct check *c, check_measure *by, const void *of)
{
	struct check again = *c;
	int ret = by(s, c, of);

	/* Without an interval it was no chance: a launch's bytes were wrong. */
	if (!ret && c->verdict == CHECK_WRONG && c->have_interval) {
		ret = by(s, &again, of);
		if (!ret) {
			confirm(c, &again);
			*c = again;
		}
	}
	if (!ret)
		selfcheck_add(s, c);
	return ret;
}

int selfcheck_launch(struct selfcheck *s, const struct copy_path *path, uint64_t size,
		     struct measure_config config, struct launch_result *r)
{
	int here = node_here();
	struct bench_case c = {
		.path = path,
		.params = { .size = size, .cpu_node = here, .src_node = here, .dst_node = here },
	};

	config.seed = rng_next(&s->rng);
	return launch(&c, &config, LIMIT_NS, s->stop, r);
}

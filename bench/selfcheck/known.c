// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks by paths whose outcome is known: copies that are wrong, a copy that is slower
 * by a known share, and no copy at all.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "machine/clock.h"
#include "paths/checks/checks.h"
#include "paths/path.h"
#include "statistics/rng.h"
#include "statistics/stats.h"
#include "selfcheck.h"

#define MS 1000000ull

/* Fits the second-level cache twice over, and takes long enough that counting is no part. */
#define SLOWED_SIZE 65536

/* A launch's 10 % quantile: far steadier than its median where others use the machine too. */
static double p10_ns(const struct launch_result *r)
{
	double v[MAX_SAMPLES];

	memcpy(v, r->sample_ns_per_op, sizeof(v));
	stats_sort(v, r->samples);
	return stats_quantile(v, r->samples, 0.1);
}

/* A launch that gives no figure ends the comparison: why, and what that makes of it. */
static void no_figure(struct check *c, const struct copy_path *path, const struct launch_result *r)
{
	c->verdict = r->status == LAUNCH_FAILED && !r->late ? CHECK_WRONG : CHECK_UNDECIDED;
	snprintf(c->detail, sizeof(c->detail), "%s: %.250s", path->name, r->reason);
}

/* Launches of path at both sizes that a fault may hide at; how many ended as they must. */
static int count_verdicts(struct selfcheck *s, const struct copy_path *path, bool faulty,
			  struct check *c)
{
	static const uint64_t sizes[] = { 4097, 65536 };
	const struct measure_config config = { .samples = 2,
					       .sample_ns = MS,
					       .budget_ns = 1000 * MS };
	static struct launch_result r;

	for (size_t i = 0; i < 2; i++) {
		int ret = selfcheck_launch(s, path, sizes[i], config, &r);

		if (ret)
			return ret;
		/* What can't be run here says nothing of the harness. */
		if (r.status == LAUNCH_SKIPPED || r.late) {
			no_figure(c, path, &r);
			return 0;
		}
		if (faulty)
			c->measured += r.status == LAUNCH_FAILED &&
				       !strncmp(r.reason, "verification: ", 14);
		else
			c->measured += r.status == LAUNCH_OK && r.verified_bytes;
		snprintf(c->detail, sizeof(c->detail), "%.300s",
			 r.status == LAUNCH_OK ? "passed its verification" : r.reason);
	}
	c->have_measured = true;
	c->verdict = c->measured == c->expected ? CHECK_OK : CHECK_WRONG;
	return 0;
}

int selfcheck_verify(struct selfcheck *s)
{
	struct check good = { .name = "verify-memcpy", .unit = "launches passed", .expected = 2 };
	int ret = count_verdicts(s, path_find("memcpy"), false, &good);

	if (ret)
		return ret;
	/* Without it a verification that fails everything would pass for a good one. */
	snprintf(good.what, sizeof(good.what), "a right copy passes its verification");
	selfcheck_add(s, &good);
	for (size_t i = 0; i < faulty_paths_count; i++) {
		const struct copy_path *path = faulty_paths[i];
		struct check c = { .unit = "launches caught", .expected = 2 };
		char name[48];

		snprintf(name, sizeof(name), "verify-%s", path->name + strlen("check-"));
		snprintf(c.what, sizeof(c.what), "a path is caught that %s", path->what);
		c.name = name;
		ret = count_verdicts(s, path, true, &c);
		if (ret)
			return ret;
		selfcheck_add(s, &c);
	}
	return 0;
}

/*
 * One launch of each path in random order, so that what drifts hits both alike; ns per
 * operation of each. 1: there is no figure, and c says why.
 */
static int one_pair(struct selfcheck *s, const struct copy_path *const path[2], uint64_t size,
		    const struct measure_config *config, struct check *c, double ns[2])
{
	static struct launch_result r;
	size_t first = rng_below(&s->rng, 2);

	for (size_t i = 0; i < 2; i++) {
		size_t side = i ^ first;
		int ret = selfcheck_launch(s, path[side], size, *config, &r);

		if (ret)
			return ret;
		if (r.status != LAUNCH_OK) {
			no_figure(c, path[side], &r);
			return 1;
		}
		ns[side] = p10_ns(&r);
	}
	return 0;
}

static int measure_cost(struct selfcheck *s, struct check *c, const void *of)
{
	const struct copy_path *const paths[] = { path_find("null"), path_find("memcpy") };
	const struct measure_config config = { .samples = 10,
					       .sample_ns = MS,
					       .budget_ns = 100 * MS };
	double null[SELFCHECK_MAX_LAUNCHES], copy[SELFCHECK_MAX_LAUNCHES], ns[2], memcpy_ns;
	int ret = 0;

	(void)of;
	for (unsigned int i = 0; i < s->launches && !ret; i++) {
		ret = one_pair(s, paths, s->size, &config, c, ns);
		null[i] = ns[0];
		copy[i] = ns[1];
	}
	if (ret)
		return ret < 0 ? ret : 0;
	check_judge(c, null, s->launches);
	memcpy_ns = stats_median(copy, s->launches);
	snprintf(c->detail, sizeof(c->detail),
		 "a path called for each operation has it: %.1f %% of what memcpy takes "
		 "for %llu bytes (%.1f ns)",
		 100 * c->measured / memcpy_ns, (unsigned long long)s->size, memcpy_ns);
	return 0;
}

int selfcheck_cost(struct selfcheck *s)
{
	struct check c = { .name = "cost", .unit = "ns" };
	struct clock_info clock;

	clock_examine(&clock);
	c.tolerance = clock.cost_ns;
	snprintf(c.what, sizeof(c.what),
		 "an operation that does nothing takes no longer than one reading of the clock");
	return selfcheck_measured(s, &c, measure_cost, NULL);
}

static int measure_slowed(struct selfcheck *s, struct check *c, const void *slow)
{
	const struct copy_path *const paths[] = { path_find("memcpy"), slow };
	const struct measure_config config = {
		.samples = 20, .sample_ns = 5 * MS, .budget_ns = 200 * MS, .min_batch = SLOWED_BATCH
	};
	double percent[SELFCHECK_MAX_LAUNCHES], ns[2], low = INFINITY, high = -INFINITY;

	for (unsigned int i = 0; i < s->launches; i++) {
		int ret = one_pair(s, paths, SLOWED_SIZE, &config, c, ns);

		if (ret)
			return ret < 0 ? ret : 0;
		percent[i] = 100 * (ns[1] / ns[0] - 1);
		low = fmin(low, percent[i]);
		high = fmax(high, percent[i]);
	}
	check_judge(c, percent, s->launches);
	snprintf(c->detail, sizeof(c->detail),
		 "%u pairs of launches of %d bytes, from %.1f to %.1f %%", s->launches, SLOWED_SIZE,
		 low, high);
	return 0;
}

static int slowed_by(struct selfcheck *s, const struct copy_path *slow, unsigned int period,
		     const char *name)
{
	struct check c = { .name = name, .unit = "%", .expected = 100.0 / period, .tolerance = 2 };

	snprintf(c.what, sizeof(c.what), "%s: that much slower than memcpy", slow->what);
	return selfcheck_measured(s, &c, measure_slowed, slow);
}

int selfcheck_slowed(struct selfcheck *s)
{
	int ret = slowed_by(s, &path_slowed_much, SLOWED_MUCH_PERIOD, "slowed-25");

	return ret ? ret : slowed_by(s, &path_slowed_little, SLOWED_LITTLE_PERIOD, "slowed-6");
}

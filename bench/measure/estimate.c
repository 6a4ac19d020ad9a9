// SPDX-License-Identifier: GPL-2.0-only
#include "estimate.h"

#include <stdbool.h>

#include "copies/choose.h"
#include "paths/path.h"

/* Bytes per second that filling and checking are reckoned with. */
#define CHECK_RATE 2e9
#define START_NS 40e6
/* And copying, where a launch first tries them all. */
#define COPY_RATE 10e9

double estimate_ns(const struct bench_case *c, const struct measure_config *m)
{
	double bytes = 0;
	/* Nothing is done between operations that would be counted. */
	const bool alone = c->params.cache == CACHE_HOT && c->params.touch == TOUCH_PREFAULT &&
			   !c->params.load;
	double checks, samples;

	for (unsigned int i = 0; i < path_pairs(c->path, &c->params); i++)
		bytes += (double)path_pair_size(&c->params, i);
	checks = 3.0 * bytes / CHECK_RATE * 1e9;
	samples = m->samples * ((double)m->sample_ns + checks);
	if (samples > (double)m->budget_ns + checks)
		samples = (double)m->budget_ns + checks;
	if (c->path->axes & AXIS_ENGINE && m->descriptor_ns)
		samples += (double)m->descriptor_ns + checks;
	if (alone && m->event_ns)
		samples += (double)m->event_ns + checks;
	/* Four turns of each kind, each with its settling, and the neighbour's own start. */
	if (m->neighbour_ns && alone)
		samples += 8 * ((double)m->neighbour_ns + 15e6) + 100e6 + checks;
	if (c->path->contest)
		samples += choose_cost_ns(&copy_table, c->params.size,
					  c->params.cache == CACHE_COLD,
					  c->path->axes & AXIS_THREADS, COPY_RATE / 1e9);
	return START_NS + (double)m->settle_ns + (double)m->calibrate_ns + (double)m->cpu_phase_ns +
	       2 * checks + samples;
}

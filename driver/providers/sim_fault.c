// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on request: what a channel of the simulator does wrong, for tests of
 * those who use it.
 *
 * Writing `fault` names what goes wrong and starts a count of the descriptors that
 * are asked for; those from fault_nth on, fault_count of them, are hit. A
 * descriptor's faults are settled when it is prepared, so what comes later, a new
 * request or a new value here, doesn't change them.
 */
#include <linux/build_bug.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "sim.h"

#define MAX_FAULT_NS (60ULL * NSEC_PER_SEC)

/* In the order of enum sim_fault. */
static const char *const fault_names[] = {
	"late",	  "never", "twice",  "disorder", "error",  "status", "residue",
	"silent", "stray", "noprep", "nosubmit", "noterm", "lost",   "mute",
};

static_assert(ARRAY_SIZE(fault_names) == FAULTS);

static DEFINE_SPINLOCK(fault_lock);
static unsigned long faults; /* what is wanted; under fault_lock */
static unsigned int asked;   /* descriptors since that was written; under fault_lock */

static unsigned int fault_nth = 1;
static unsigned int fault_count = 1;
static int fault_chan = -1;
static unsigned long long fault_ns = 100 * NSEC_PER_MSEC;

/* Reads a list like "late,noterm". */
static int faults_set(const char *text, const struct kernel_param *kp)
{
	unsigned long wanted = 0, flags;
	char list[128], *rest = list, *word;

	if (strscpy(list, text, sizeof(list)) < 0)
		return -EINVAL;
	rest = strim(list);
	if (!strcmp(rest, "none"))
		rest = NULL;
	while ((word = strsep(&rest, ","))) {
		int fault = match_string(fault_names, FAULTS, word);

		if (fault < 0)
			return -EINVAL;
		wanted |= BIT(fault);
	}
	spin_lock_irqsave(&fault_lock, flags);
	faults = wanted;
	asked = 0;
	spin_unlock_irqrestore(&fault_lock, flags);
	return 0;
}

static int faults_get(char *text, const struct kernel_param *kp)
{
	unsigned long wanted = READ_ONCE(faults);
	unsigned int fault;
	int len = 0;

	for_each_set_bit(fault, &wanted, FAULTS)
		len += scnprintf(text + len, PAGE_SIZE - len, "%s%s", len ? "," : "",
				 fault_names[fault]);
	return len + scnprintf(text + len, PAGE_SIZE - len, "%s\n", len ? "" : "none");
}

static const struct kernel_param_ops faults_ops = { .set = faults_set, .get = faults_get };
module_param_cb(fault, &faults_ops, NULL, 0644);
MODULE_PARM_DESC(fault, "what goes wrong, for tests: none, or a list (default none)");

static int nth_set(const char *text, const struct kernel_param *kp)
{
	return param_set_uint_minmax(text, kp, 1, UINT_MAX);
}

static const struct kernel_param_ops nth_ops = { .set = nth_set, .get = param_get_uint };
module_param_cb(fault_nth, &nth_ops, &fault_nth, 0644);
MODULE_PARM_DESC(fault_nth, "the first descriptor that is hit, counted from 1 (default 1)");

module_param(fault_count, uint, 0644);
MODULE_PARM_DESC(fault_count, "how many are hit, 0: all from fault_nth on (default 1)");

static int chan_set(const char *text, const struct kernel_param *kp)
{
	int chan, err = kstrtoint(text, 0, &chan);

	if (err)
		return err;
	if (chan < -1 || chan >= MAX_CHANNELS)
		return -EINVAL;
	WRITE_ONCE(fault_chan, chan);
	return 0;
}

static const struct kernel_param_ops chan_ops = { .set = chan_set, .get = param_get_int };
module_param_cb(fault_chan, &chan_ops, &fault_chan, 0644);
MODULE_PARM_DESC(fault_chan, "the channel that it happens on, -1: any (default -1)");

static int ns_set(const char *text, const struct kernel_param *kp)
{
	unsigned long long ns;
	int err = kstrtoull(text, 0, &ns);

	if (err)
		return err;
	if (ns > MAX_FAULT_NS)
		return -EINVAL;
	WRITE_ONCE(fault_ns, ns);
	return 0;
}

static const struct kernel_param_ops ns_ops = { .set = ns_set, .get = param_get_ullong };
module_param_cb(fault_ns, &ns_ops, &fault_ns, 0644);
MODULE_PARM_DESC(fault_ns, "the delay of late, in nanoseconds, up to 60 s (default 100 ms)");

static bool on_channel(const struct sim_chan *sc)
{
	int chan = READ_ONCE(fault_chan);

	return chan < 0 || chan == (int)sc->number;
}

/* Once for each descriptor that somebody asks for. */
unsigned long sim_faults_of_next(const struct sim_chan *sc)
{
	unsigned int nth = READ_ONCE(fault_nth), count = READ_ONCE(fault_count);
	unsigned long hit = 0, flags;

	if (!READ_ONCE(faults) || !on_channel(sc))
		return 0;
	spin_lock_irqsave(&fault_lock, flags);
	asked++;
	if (asked >= nth && (!count || asked - nth < count))
		hit = faults;
	spin_unlock_irqrestore(&fault_lock, flags);
	return hit;
}

/* For what isn't a matter of a descriptor. */
bool sim_fault_now(const struct sim_chan *sc, enum sim_fault fault)
{
	return READ_ONCE(faults) & BIT(fault) && on_channel(sc);
}

u64 sim_fault_ns(void)
{
	return READ_ONCE(fault_ns);
}

// SPDX-License-Identifier: GPL-2.0-only
/* A channel that goes while its device stays. */
#include <linux/module.h>
#include <linux/mutex.h>

#include "sim.h"

static DEFINE_MUTEX(bound_lock);
static struct sim *bound; /* under bound_lock */
static int retired = -1;  /* the latest; likewise */

void sim_retire_from(struct sim *sim)
{
	mutex_lock(&bound_lock);
	bound = sim;
	mutex_unlock(&bound_lock);
}

struct leaving {
	struct dma_chan *chan;
	bool unlisted;
};

static bool unlist(struct dma_chan *chan, void *param)
{
	struct leaving *leaving = param;

	/* Its own pointers stay: who is visiting the channels goes on from here. */
	if (chan == leaving->chan) {
		__list_del_entry(&chan->device_node);
		leaving->unlisted = true;
	}
	return false;
}

/*
 * dmaengine goes through a device's channels under its list mutex, and has no call that takes one
 * of them out under it. A filter is called under it.
 */
static void unlist_channel(struct dma_chan *chan)
{
	struct leaving leaving = { .chan = chan };

	visit_channels(unlist, &leaving);
	/* Somebody still has it, and only free ones are visited. */
	if (!leaving.unlisted)
		list_del(&chan->device_node);
}

/*
 * Takes a channel away alone, as idxd does with that of a work queue which is disabled: its device
 * stays, and its memory is gone at once.
 */
static int retire_set(const char *text, const struct kernel_param *kp)
{
	struct sim_chan *sc;
	unsigned int number;
	int err = kstrtouint(text, 0, &number);

	if (err)
		return err;
	mutex_lock(&bound_lock);
	sc = bound && number < MAX_CHANNELS ? bound->chan[number] : NULL;
	if (sc) {
		bound->chan[number] = NULL;
		dma_async_device_channel_unregister(&bound->dma, &sc->vc.chan);
		unlist_channel(&sc->vc.chan);
		sim_stop_thread(sc);
		kfree(sc);
		retired = number;
	}
	mutex_unlock(&bound_lock);
	return sc ? 0 : -ENODEV;
}

static const struct kernel_param_ops retire_ops = { .set = retire_set, .get = param_get_int };
module_param_cb(retire, &retire_ops, &retired, 0644);
MODULE_PARM_DESC(retire, "number of a channel that goes, until the device is bound again");

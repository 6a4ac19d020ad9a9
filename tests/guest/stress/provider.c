// SPDX-License-Identifier: GPL-2.0-only
/* Devices and modules that come and go. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stress.h"

static void rebind(const struct dmabench_engine_info *info, const char *what)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s/%s",
		 strcmp(info->driver, "dmabench_sim") ? "pci" : "platform", info->driver, what);
	put_file(path, info->device);
}

void set_speed(const struct dmabench_engine_info *info, unsigned long latency_ns,
	       unsigned long bandwidth)
{
	if (strcmp(info->driver, "dmabench_sim"))
		return;
	sim_set("latency_ns", latency_ns);
	sim_set("bandwidth", bandwidth);
}

static int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

static int load(const char *name, const char *parameters)
{
	char path[128];
	int fd, err;

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	err = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	close(fd);
	return err;
}

static const char *parameters_of(const struct dmabench_engine_info *info)
{
	return strcmp(info->driver, "dmabench_sim") ? "dma_bits=64" : "";
}

/* Both modules, which nobody uses. */
bool reload(const struct dmabench_engine_info *info)
{
	int err = unload(info->driver);

	if (!err)
		err = unload("dmabench");
	if (!err)
		err = load("dmabench", "");
	if (!err)
		err = load(info->driver, parameters_of(info));
	if (err)
		bad("reloading the modules: %s", strerror(err));
	return !err;
}

static void pause_and_reload(const struct dmabench_engine_info *info, unsigned int workers)
{
	unsigned int tries;

	__atomic_store_n(&control->pause, true, __ATOMIC_SEQ_CST);
	for (tries = 0; tries < 6000; tries++) {
		if (__atomic_load_n(&control->parked, __ATOMIC_SEQ_CST) == workers)
			break;
		usleep(10000);
	}
	if (tries == 6000)
		bad("not all let go within a minute");
	else if (module_users("dmabench") || module_users(info->driver))
		bad("a module is in use by nobody");
	else if (reload(info))
		control->reloads++;
	__atomic_store_n(&control->pause, false, __ATOMIC_SEQ_CST);
}

/* While engines are open their provider can't go; where it can, it comes back at once. */
static void try_to_unload(const struct dmabench_engine_info *info)
{
	int err = unload(info->driver);

	if (!err)
		err = load(info->driver, parameters_of(info));
	else if (err == EAGAIN)
		err = 0;
	if (err)
		bad("unloading a provider in use: %s", strerror(err));
	control->refusals++;
}

/* Something every second or so. */
void provider_step(const struct dmabench_engine_info *info, uint64_t *rng, unsigned int workers,
		   bool unbind)
{
	static const unsigned long latencies[] = { 0, 0, 50000, 1000000, 5000000 };
	static const unsigned long bandwidths[] = { 0, 0, 100000000, 20000000 };

	usleep((unsigned int)(200000 + rng_below(rng, 800000)));
	set_speed(info, latencies[rng_below(rng, 5)], bandwidths[rng_below(rng, 4)]);
	switch (rng_below(rng, 4)) {
	case 0:
		pause_and_reload(info, workers);
		break;
	case 1:
		/* A module that goes for a moment is a device that goes. */
		if (unbind)
			try_to_unload(info);
		break;
	default:
		if (!unbind)
			break;
		rebind(info, "unbind");
		usleep((unsigned int)rng_below(rng, 200000));
		rebind(info, "bind");
		control->unbinds++;
	}
}

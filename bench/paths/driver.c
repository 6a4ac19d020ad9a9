// SPDX-License-Identifier: GPL-2.0-only
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "params.h"

/* Who may open the node, for those who may not. */
static void whose_it_is(char *why, size_t len)
{
	const struct group *group = NULL;
	struct stat st;

	if (stat(DMABENCH_DEVICE, &st)) {
		snprintf(why, len, "%s: %s", DMABENCH_DEVICE, strerror(EACCES));
		return;
	}
	if (st.st_gid && (st.st_mode & 0060) == 0060)
		group = getgrgid(st.st_gid);
	if (group)
		snprintf(why, len,
			 "%s is for root and the group %s, which this process isn't in (who was "
			 "added to it logs in anew)",
			 DMABENCH_DEVICE, group->gr_name);
	else
		snprintf(why, len, "%s is for root", DMABENCH_DEVICE);
}

int driver_open(char *why, size_t len)
{
	struct dmabench_info info = { 0 };
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		int err = -errno;

		if (err == -ENOENT && !access("/sys/module/dmabench", F_OK))
			snprintf(why, len, "the dmabench module is loaded, but there is no %s here",
				 DMABENCH_DEVICE);
		else if (err == -ENOENT)
			snprintf(why, len, "no %s: the dmabench module isn't loaded",
				 DMABENCH_DEVICE);
		else if (err == -EACCES)
			whose_it_is(why, len);
		else
			snprintf(why, len, "%s: %s", DMABENCH_DEVICE, strerror(-err));
		return err;
	}
	if (ioctl(fd, DMABENCH_IOC_INFO, &info)) {
		int err = -errno;

		snprintf(why, len, "%s doesn't tell its version: %s", DMABENCH_DEVICE,
			 strerror(-err));
		close(fd);
		return err;
	}
	if (info.abi_version != DMABENCH_ABI_VERSION) {
		snprintf(why, len, "%s speaks version %u, this program %d", DMABENCH_DEVICE,
			 info.abi_version, DMABENCH_ABI_VERSION);
		close(fd);
		return -EPROTO;
	}
	return fd;
}

int driver_engines(int fd, struct dmabench_engine_info *engines, char *why, size_t len)
{
	int count = 0;

	for (; count < MAX_ENGINES; count++) {
		memset(&engines[count], 0, sizeof(engines[count]));
		engines[count].index = (__u32)count;
		if (!ioctl(fd, DMABENCH_IOC_ENGINE_INFO, &engines[count]))
			continue;
		if (errno == ENOENT)
			break;
		snprintf(why, len, "listing engines: %s", strerror(errno));
		return -errno;
	}
	return count;
}

static int find(int fd, const struct case_params *p, unsigned int channels, struct engine_set *set,
		char *why, size_t len)
{
	struct engine_wish wish = { p->engine, channels, p->src_node, p->dst_node };
	struct dmabench_engine_info all[MAX_ENGINES];
	int count = driver_engines(fd, all, why, len);

	return count < 0 ? count : engines_pick(all, count, &wish, set, why, len);
}

int driver_open_engine(int fd, const char *name, __u32 *handle)
{
	struct dmabench_engine_open request = { 0 };

	snprintf(request.name, sizeof(request.name), "%s", name);
	if (ioctl(fd, DMABENCH_IOC_ENGINE_OPEN, &request))
		return -errno;
	*handle = request.engine;
	return 0;
}

int driver_takes(const struct dmabench_engine_info *engine, __u64 bytes, __u64 offset, char *why,
		 size_t len)
{
	if (bytes % engine->align || offset % engine->align) {
		snprintf(why, len, "%s copies multiples of %u bytes only", engine->driver,
			 engine->align);
		return -EINVAL;
	}
	if (bytes < engine->min_len) {
		snprintf(why, len, "%s copies %u bytes or more at a time only", engine->driver,
			 engine->min_len);
		return -EINVAL;
	}
	return 0;
}

int driver_find(int fd, const struct case_params *p, struct dmabench_engine_info *engine, char *why,
		size_t len)
{
	struct engine_set set;
	int ret = find(fd, p, 1, &set, why, len);

	if (!ret)
		*engine = set.v[0];
	return ret;
}

int driver_find_channels(int fd, const struct case_params *p, struct engine_set *set, char *why,
			 size_t len)
{
	return find(fd, p, p->channels, set, why, len);
}

const char *iommu_name(__u32 iommu)
{
	switch (iommu) {
	case DMABENCH_IOMMU_NONE:
		return "none";
	case DMABENCH_IOMMU_IDENTITY:
		return "identity";
	case DMABENCH_IOMMU_STRICT:
		return "strict";
	case DMABENCH_IOMMU_LAZY:
		return "lazy";
	default:
		return "other";
	}
}

bool driver_pins_limited(void)
{
	struct rlimit limit;

	return geteuid() && !getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY;
}

void driver_why(char *why, size_t len, const char *what, int err)
{
	struct rlimit limit;

	if (err == ENOMEM && driver_pins_limited() && !getrlimit(RLIMIT_MEMLOCK, &limit))
		snprintf(why, len,
			 "%s: %s: pinned pages count against RLIMIT_MEMLOCK, %llu KiB here "
			 "(ulimit -l)",
			 what, strerror(err), (unsigned long long)limit.rlim_cur / 1024);
	else
		snprintf(why, len, "%s: %s", what, strerror(err));
}

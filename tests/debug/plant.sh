#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Make each mistake that tests/debug/planted.c can make, in the guest: first those after which
# all checks go on, then those that turn lockdep off, last the one that kills its process.
#
# usage, in the guest: sh tests/debug/plant.sh BUG...

echo 1 >/sys/kernel/debug/dma-api/all_errors
echo 1 >/proc/sys/kernel/watchdog_thresh
echo 2 >/proc/sys/kernel/hung_task_timeout_secs
echo 3 >/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
for bug in "$@"; do
	sh -c "echo $bug >/sys/kernel/debug/planted/bug"
	# A report may come from elsewhere a moment later.
	sleep 1
	echo "planted: after $bug" >/dev/kmsg
done
exit 0

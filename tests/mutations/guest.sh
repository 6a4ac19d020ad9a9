#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the guest: one test of one program with one build of the modules after the other. Says
# "start STEP" and "verdict STEP ok|failed|nothing" for each line of build/mutations/steps.
# The driver and the simulator's parameters are in the variables ENGINE and SIM.

# Ends when modules can't be removed: whatever keeps them, this guest is spoilt.
swap() {
	for module in dmabench dmabench_sim dmabench_edu; do
		[ ! -d "/sys/module/$module" ] || rmmod "$module" || exit 0
	done
	# For the tests that load modules themselves.
	cp "$1"/*.ko /lib/modules/ || exit 0
	# shellcheck disable=SC2086 # parameters are words
	insmod "$1/dmabench.ko" && insmod "$1/dmabench_edu.ko" dma_bits=64 &&
		insmod "$1/dmabench_sim.ko" $SIM || exit 0
}

verdict() { # PROGRAM TEST
	if [ "$1" = compat32 ]; then
		if build/tests/guest/compat32 "$ENGINE"; then echo ok; else echo failed; fi
		return
	fi
	said=$(DMABENCH_TEST_ONLY=$2 CMOCKA_MESSAGE_OUTPUT=TAP DMABENCH_TEST_ENGINE_DRIVER=$ENGINE \
		timeout 200 "build/tests/guest/$1" 2>&1)
	echo "$said" >&2
	if echo "$said" | grep -q "^ok 1 - $2\$"; then
		echo ok
	elif echo "$said" | grep -q "^not ok 1 - $2\$"; then
		echo failed
	else
		echo nothing
	fi
}

# Not even a process that can't be killed keeps the others waiting for ever.
watch() {
	sleep 300
	echo o >/proc/sysrq-trigger
}

while read -r step folder program name; do
	echo "start $step"
	watch &
	watcher=$!
	swap "build/mutations/modules/$folder"
	echo "verdict $step $(verdict "$program" "$name")"
	kill "$watcher"
done <build/mutations/steps

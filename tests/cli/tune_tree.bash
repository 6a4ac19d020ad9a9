# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # shared with the tests and with bats
#
# A machine for scripts/tune.sh: a tree of files with settings in it.

make_tree() {
	tree=$BATS_TEST_TMPDIR/a\ tree
	state=$BATS_TEST_TMPDIR/run/tune.state
	cpus=$tree/sys/devices/system/cpu
	unset BASH_ENV
	lay cpufreq/policy0/scaling_governor powersave
	lay cpufreq/policy1/scaling_governor schedutil
	lay cpufreq/policy0/energy_performance_preference balance_power
	lay cpufreq/policy0/scaling_setspeed '<unsupported>'
	lay cpufreq/boost 1
	lay cpu0/cpuidle/state1/latency 2
	lay cpu0/cpuidle/state1/disable 0
	lay cpu0/cpuidle/state2/latency 133
	lay cpu0/cpuidle/state2/disable 0
	lay cpu1/online 1
	lay smt/control on
	lay ../../../kernel/mm/transparent_hugepage/enabled '[always] madvise never'
	lay ../../../kernel/mm/ksm/run 1
	lay ../../../../proc/sys/kernel/numa_balancing 1
	lay ../../../../proc/sys/kernel/perf_event_paranoid 2
	lay ../../../../proc/sys/kernel/random/boot_id first-boot
	lay ../../../../proc/sys/vm/swappiness 60
	remember
}

lay() { # FILE below cpu/, TEXT
	mkdir -p "$(dirname "$cpus/$1")"
	printf '%s\n' "$2" >"$cpus/$1"
}

# One line a file; a choice in brackets is as good as the word alone.
picture() {
	(cd "$tree" && grep -r '' . | sed 's/\[\([a-z]*\)\].*/\1/' | sort)
}

remember() {
	picture >"$BATS_TEST_TMPDIR/before"
}

as_before() {
	diff "$BATS_TEST_TMPDIR/before" <(picture)
}

tune() {
	run --separate-stderr env DMABENCH_SYSROOT="$tree" DMABENCH_TUNE_STATE="$state" \
		"$top/scripts/tune.sh" "$@"
}

# holds FILE TEXT
holds() {
	[[ $(cat "$cpus/$1") == "$2" ]] || {
		printf '%s is %s, not %s\n' "$1" "$(cat "$cpus/$1")" "$2"
		return 1
	}
}

# A setting that is there and can't be written: a file of the real kernel's that takes nothing.
stubborn() {
	ln -sf /proc/version "$cpus/$1"
}

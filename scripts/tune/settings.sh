# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # sysroot, groups: set by tune.sh, which uses the rest
#
# The settings that tune.sh knows: a table, and how to read and write one. Sourced.

# Idle states that take longer to wake up from than this are deep, in microseconds. The
# harness warns from there on, too.
readonly deep_us=20

# Name | group | what is best for measuring | how it is read | files
#
# Group "all" is always meant, others are options. What is best is a value, or "keep":
# saved, since the kernel changes it along with a row below, and put back with it. Rows
# are set in this order and put back in the other: first the CPUs, then what they have.
readonly table='energy_preference|all|keep|word|/sys/devices/system/cpu/cpufreq/policy*/energy_performance_preference
setspeed|all|keep|word|/sys/devices/system/cpu/cpufreq/policy*/scaling_setspeed
governor|all|performance|word|/sys/devices/system/cpu/cpufreq/policy*/scaling_governor
turbo|all|0|word|/sys/devices/system/cpu/cpufreq/boost
turbo|all|1|word|/sys/devices/system/cpu/intel_pstate/no_turbo
thp|all|madvise|choice|/sys/kernel/mm/transparent_hugepage/enabled
numa_balancing|all|0|word|/proc/sys/kernel/numa_balancing
ksm|all|0|word|/sys/kernel/mm/ksm/run
swappiness|swap|0|word|/proc/sys/vm/swappiness
perf_event_paranoid|perf|-1|word|/proc/sys/kernel/perf_event_paranoid
idle|idle|1|deep|/sys/devices/system/cpu/cpu*/cpuidle/state*/disable
cpus|smt|keep|word|/sys/devices/system/cpu/cpu*/online
smt|smt|off|word|/sys/devices/system/cpu/smt/control'

# selected GROUP: is it meant by the options?
selected() {
	[[ $1 == all || " ${groups[*]-} " == *" $1 "* ]]
}

# files_of KIND PATTERN: in files[] those that there are, without the root they are under.
files_of() {
	local file latency
	files=()
	for file in "$sysroot"$2; do
		[[ -e $file ]] || continue
		if [[ $1 == deep ]]; then
			{ IFS= read -r latency <"${file%/*}/latency"; } 2>/dev/null || continue
			[[ $latency =~ ^[0-9]+$ && $latency -gt $deep_us ]] || continue
		fi
		files+=("${file#"$sysroot"}")
	done
}

# value_of KIND FILE: one word, in $value; fails where there is none to be read.
value_of() {
	{ IFS= read -r value <"$sysroot$2"; } 2>/dev/null || return 1
	if [[ $1 == choice && $value =~ \[([^]]*)\] ]]; then
		value=${BASH_REMATCH[1]}
	fi
	[[ $value =~ ^[A-Za-z0-9_.+-]+$ ]]
}

# A file that belongs to nobody's writing stays read-only for root, too, where the mode says so.
can_write() {
	[[ -w $sysroot$1 && $(stat -L -c %A "$sysroot$1") == ?[r-]w* ]]
}

# write_value KIND FILE VALUE: fails also where the kernel takes it and does nothing.
write_value() {
	local value
	{ printf '%s\n' "$3" >"$sysroot$2"; } 2>/dev/null || return 1
	value_of "$1" "$2" && [[ $value == "$3" ]]
}

# is_good NAME VALUE WANTED
is_good() {
	[[ $2 == "$3" ]] || [[ $1 == smt && $2 =~ ^(forceoff|notsupported|notimplemented)$ ]]
}

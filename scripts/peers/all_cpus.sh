# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # peers.sh sets $work and $cpus; the runners read $cpu
#
# What all CPUs copy together: memcpy-mt beside one process of a peer on each CPU, each
# with its own part of the size. So a CPU has as many bytes before it, and in its caches,
# as memcpy-mt gives it; but these processes never wait for each other.

# The sum of the numbers on stdin; none if there aren't as many as asked for.
sum_of() {
	awk -v want="$1" '/^[0-9]+$/ { n++; s += $1 } END { if (n != want) exit 1; printf "%.0f\n", s }'
}

# on_each_cpu RUNNER ARGUMENT SIZE
on_each_cpu() {
	local part=$(($3 / ${#cpus[@]})) pids=() each cpu
	for each in "${cpus[@]}"; do
		cpu=$each
		("$1" "$2" "$part") >"$work/rate.$each" &
		pids+=($!)
	done
	for each in "${pids[@]}"; do wait "$each" || true; done
	for each in "${cpus[@]}"; do cat "$work/rate.$each"; done | sum_of "${#cpus[@]}"
}

all_perf() { on_each_cpu run_perf "$@"; }

all_dpdk() { on_each_cpu run_dpdk "$@"; }

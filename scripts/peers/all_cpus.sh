# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # peers.sh sets $work, $cpus and $pages; the runners read $cpu
#
# What all CPUs copy together, in two kinds of work, each with its own peers:
#
# Many operations in flight: memcpy-mt's threads copy whole ones, each between buffers of its own,
# and so does a process of a peer on each CPU. Sides ours and peer.
#
# One operation at a time: memcpy-mt's threads copy parts of the same buffers, and so does a process
# of DPDK's copy on each CPU; but these never wait for each other. Sides one and shared.
#
# A process that is done measuring goes on copying until all are: nobody is measured alone, with
# caches and memory to itself.

# The sum of the numbers on stdin; none if there aren't as many as asked for.
sum_of() {
	awk -v want="$1" '/^[0-9]+$/ { n++; s += $1 } END { if (n != want) exit 1; printf "%.0f\n", s }'
}

# measure_among_others RUNNER ARGUMENT SIZE: on $cpu. An interrupted run takes $work away.
measure_among_others() {
	local status=0 each waiting=yes
	"$@" >"$work/rate.$cpu" || status=$?
	: >"$work/measured.$cpu"
	stretch_ms=20
	while [[ $waiting == yes && -d $work ]]; do
		waiting=no
		for each in "${cpus[@]}"; do [[ -e $work/measured.$each ]] || waiting=yes; done
		[[ $waiting == no || $status -ne 0 ]] || "$@" >/dev/null || status=$?
		[[ $status -eq 0 ]] || return "$status"
	done
}

# on_each_cpu RUNNER ARGUMENT SIZE: each copies as much.
on_each_cpu() {
	local pids=() each cpu
	rm -f "$work"/measured.*
	for each in "${cpus[@]}"; do
		cpu=$each
		(measure_among_others "$@") &
		pids+=($!)
	done
	for each in "${pids[@]}"; do wait "$each" || true; done
	for each in "${cpus[@]}"; do cat "$work/rate.$each"; done | sum_of "${#cpus[@]}"
}

all_perf() { on_each_cpu run_perf "$@"; }

all_dpdk() { on_each_cpu run_dpdk "$@"; }

# The buffers that processes share are a file in a folder of this in memory; nothing where there is
# no such place, or where other buffers have pages of another size.
make_shared() {
	if [[ -w /dev/shm && $pages == 4K ]]; then
		shared=$(mktemp -d -p /dev/shm dmabench-peers.XXXXXX)
	fi
}

# Which of the CPUs, from 0 on.
rank_of() {
	local i
	for i in "${!cpus[@]}"; do [[ ${cpus[i]} != "$1" ]] || echo "$i"; done
}

# run_dpdk_part NAME PART_SIZE
run_dpdk_part() {
	run_dpdk "$1" "$2" "$shared/buffers" "$(rank_of "$cpu")"
}

# all_dpdk_shared NAME SIZE: parts are whole lines.
all_dpdk_shared() {
	local n=${#cpus[@]} size
	size=$(($2 / n / 64 * 64 * n))
	rm -f "$shared/buffers"
	truncate -s "$((2 * size))" "$shared/buffers"
	on_each_cpu run_dpdk_part "$1" $((size / n))
}

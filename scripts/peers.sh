#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Our CPU copies beside other people's: a DMA engine that beats a weak copy has beaten
# nothing. Runs dmabench and the peers that are installed (perf bench mem memcpy with
# each of its functions, mbw with each of its modes, DPDK's rte_memcpy) in one interleaved
# run: every round is all of them in a new random order, one thread, the same CPU.
#
# usage: scripts/peers.sh [--sizes LIST] [--rounds N] [--cpu N | --all-cpus [--place P]] [--out DIR]
#
#   --sizes LIST   bytes per copy, 4K or 1M (4K,64K,1M,16M,128M)
#   --rounds N     1 to 100 (6: the range is then a 95 % interval of the median)
#   --cpu N        the CPU that everything is pinned to (the first that may be used)
#   --all-cpus     on all CPUs that may be used: memcpy-mt with many operations in flight, beside a
#                  process of a peer on each CPU; and with one at a time, beside processes that copy
#                  parts of the same buffers (16K,64K,256K,1M,16M,64M,128M)
#   --place P      with --all-cpus, where a hypervisor moves the CPUs: only while they are near each
#                  other, or far from each other (near, far); waits for that
#   --out DIR      writes peers.json and peers.md there (build/peers)
#   -h, --help     this text
#
# The table goes to stdout too. How each figure is made comparable: docs/peers.md.
# Packages: scripts/setup.sh --for peers. Exit status: 0 done; 1 a tool failed; 2 wrong
# usage; 3 no peer is installed, or the CPUs don't change places.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$root/scripts/lib/child.sh"
# shellcheck source=scripts/peers/contestants.sh
source "$root/scripts/peers/contestants.sh"
# shellcheck source=scripts/peers/dpdk.sh
source "$root/scripts/peers/dpdk.sh"
# shellcheck source=scripts/peers/all_cpus.sh
source "$root/scripts/peers/all_cpus.sh"
# shellcheck source=scripts/peers/cpu_placement.sh
source "$root/scripts/peers/cpu_placement.sh"

sizes=4K,64K,1M,16M,128M
rounds=6
cpu=
all_cpus=no
place=
cpus=()
out=$statedir/peers
work=
shared=
pages=4K
bytes=()

# 4K, 1M or a number of bytes, as dmabench reads them.
size_in_bytes() {
	[[ $1 =~ ^([1-9][0-9]{0,11})([KMG]?)$ && ($1 != *G || ${#1} -le 6) ]] || return 1
	case ${BASH_REMATCH[2]} in
	K) echo $((BASH_REMATCH[1] << 10)) ;;
	M) echo $((BASH_REMATCH[1] << 20)) ;;
	G) echo $((BASH_REMATCH[1] << 30)) ;;
	*) echo "${BASH_REMATCH[1]}" ;;
	esac
}

usable_cpus() {
	taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' |
		awk -F- '{ for (i = $1; i <= (NF > 1 ? $2 : $1); i++) print i }'
}

read_options() {
	local size one given=
	while [[ $# -gt 0 ]]; do
		case $1 in
		--sizes | --rounds | --cpu | --place | --out)
			need_value "$1" $#
			printf -v "${1#--}" '%s' "$2"
			[[ $1 != --sizes ]] || given=yes
			shift
			;;
		--all-cpus) all_cpus=yes ;;
		-h | --help) show_help ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	[[ $rounds =~ ^([1-9][0-9]?|100)$ ]] || usage_error "--rounds $rounds: expected 1 to 100"
	[[ $all_cpus == no || -n $given ]] || sizes=16K,64K,256K,1M,16M,64M,128M
	[[ ,$sizes, != *,,* && $sizes != *[[:space:]]* ]] || usage_error "--sizes $sizes: expected sizes like 4K,1M"
	for size in ${sizes//,/ }; do
		one=$(size_in_bytes "$size") || usage_error "--sizes $size: expected bytes, 4K or 1M"
		bytes+=("$one")
	done
	[[ $place =~ ^(near|far|)$ ]] || usage_error "--place $place: expected near or far"
	[[ -z $place || $all_cpus == yes ]] || usage_error "--place $place: goes with --all-cpus"
	take_cpus "$cpu"
	[[ -n $out ]] || usage_error "--out: expected a folder"
}

# The CPUs that take part, also as taskset likes them.
take_cpus() {
	if [[ $all_cpus == yes ]]; then
		[[ -z $1 ]] || usage_error "--all-cpus: can't be had with --cpu $1"
		mapfile -t cpus < <(usable_cpus)
		cpu=$(IFS=, && echo "${cpus[*]}")
		# Peers start at the same time but not at the same moment. One stretch: the middle one of
		# each process's own would leave out another moment for each, and theirs add up.
		stretch_ms=600 stretches=1
		return
	fi
	if [[ -z $cpu ]]; then
		cpu=$(usable_cpus | head -n 1)
	elif ! usable_cpus | grep -qx -- "$cpu"; then
		usage_error "--cpu $cpu: expected one of the usable CPUs ($(usable_cpus | xargs))"
	fi
	cpus=("$cpu")
}

# Peers take what malloc gives; that is huge pages where the kernel always gives them.
find_page_size() {
	local switch=/sys/kernel/mm/transparent_hugepage/enabled
	if grep -q '\[always\]' "$switch" 2>/dev/null; then pages=thp; fi
}

# One figure, or none with a warning: a row then has fewer rounds and says so.
measure_one() { # ROUND SIZE SIDE TOOL VARIANT RUN ARGUMENT
	local rate before after i
	can_copy "$6" "$7" "$2" || return 0
	for ((i = 0; i < place_tries; i++)); do
		[[ -z $place ]] || await_place || break
		before=$(word_ns)
		if ! rate=$("$6" "$7" "$2") || [[ ! $rate =~ ^[1-9][0-9]*$ ]]; then
			warn "$4 $5, $2 bytes: no figure"
			return 0
		fi
		after=$(word_ns)
		[[ -z $place || $(place_of "$before")$(place_of "$after") == "$place$place" ]] || continue
		printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "${@:1:5}" "$rate" "$before" "$after" >>"$work/rates"
		return 0
	done
	warn "$4 $5, $2 bytes: no figure with the CPUs $place"
}

measure_all() {
	local round size side tool variant runner argument
	for ((round = 1; round <= rounds; round++)); do
		for size in $(printf '%s\n' "${bytes[@]}" | shuf); do
			say "round $round of $rounds, $size bytes"
			while IFS='|' read -r side tool variant runner argument <&3; do
				measure_one "$round" "$size" "$side" "$tool" "$variant" "$runner" "$argument"
			done 3< <(shuf "$work/contestants")
		done
		report "$round"
	done
}

# After each round: an interrupted run leaves the rounds that it finished.
report() { # ROUNDS_DONE
	replace "$out/peers.json" jq -Rn -L "$root/scripts/report" --slurpfile missing "$work/missing" \
		--slurpfile env "$work/env.json" --arg start "$start" --argjson cpus "[$cpu]" \
		--argjson words "$(jq -sc . "$work/words")" --argjson rounds "$rounds" --argjson finished "$1" --arg pages "$pages" \
		-f "$root/scripts/peers/report.jq" <"$work/rates"
	replace "$out/peers.md" jq -r -L "$root/scripts/report" -f "$root/scripts/peers/table.jq" "$out/peers.json"
}

# Who goes on copying may write to the folder while it is taken away, and ends when it's gone.
remove_work() {
	local i
	for ((i = 0; i < 50; i++)); do
		if rm -rf -- "$work" ${shared:+"$shared"} 2>/dev/null; then return; fi
		sleep 0.1
	done
}

main() {
	local start
	read_options "$@"
	have perf || have mbw || pkg-config --exists libdpdk 2>/dev/null ||
		die "no peer is installed: $(called setup) --for peers" 3
	build_bench
	make_folder "$out"
	work=$(scratch "$out")
	trap 'remove_work; dismiss_janitor' EXIT
	start=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	: >"$work/missing"
	: >"$work/rates"
	: >"$work/words"
	find_page_size
	[[ $all_cpus == no ]] || make_shared
	take_away_after "$work" ${shared:+"$shared"}
	who_is_missing
	[[ -z $place ]] || see_both_places
	contestants >"$work/contestants"
	"$dmabench" env --json >"$work/env.json"
	measure_all
	cat "$out/peers.md"
}

main "$@"

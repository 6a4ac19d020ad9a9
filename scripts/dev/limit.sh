#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How close the driver's paths come to what their engine can do: the simulator at a set rate and
# latency, whose times are known exactly. Prints tables in Markdown and leaves a result that
# scripts/plot.sh draws.
#
# usage: scripts/dev/limit.sh [--out DIR] [--guest icount|smp] [--rate BYTES] [--latency NS]
#
#   --out DIR      where the results go (build/limit)
#   --guest WHICH  icount: one CPU that counts instructions, one a nanosecond; smp: two CPUs, times
#                  of an emulated machine on this one (icount)
#   --rate BYTES   of the engine, a second (100000000)
#   --latency NS   of a descriptor (10000)
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

out=$root/build/limit
guest=icount
rate=100000000
latency=10000

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		--out | --guest | --rate | --latency) need_value "$1" $# ;;
		*) usage_error "unknown argument $1" ;;
		esac
		case $1 in
		--out) out=$2 ;;
		--guest)
			[[ $2 == icount || $2 == smp ]] || usage_error "--guest $2: expected icount or smp"
			guest=$2
			;;
		--rate)
			[[ $2 =~ ^[1-9][0-9]{4,10}$ ]] ||
				usage_error "--rate $2: expected bytes a second, 10000 to 99999999999"
			rate=$2
			;;
		--latency)
			[[ $2 =~ ^(0|[1-9][0-9]{0,8})$ ]] ||
				usage_error "--latency $2: expected nanoseconds, up to 999999999"
			latency=$2
			;;
		esac
		shift 2
	done
}

boot() {
	local how=(--icount --nodes 1)
	[[ $guest == icount ]] || how=(--smp 2 --nodes 1 --accel tcg)
	"$root/scripts/vm.sh" "${how[@]}" --out "$out" --log "$out/console" \
		--insmod "dmabench dmabench_sim:channels=1" -- sh scripts/dev/limit/guest "$rate" "$latency" all
}

main() {
	local kdir
	read_options "$@"
	kdir=$("$root/scripts/kernel/headers.sh")
	make -C "$root" --no-print-directory bench driver KDIR="$kdir" >&2
	one_at_a_time limit
	mkdir -p "$out"
	rm -f "$out"/{free,limited}.json
	boot >&2
	jq -r -L "$root/scripts/dev/limit" --argjson rate "$rate" --argjson latency "$latency" --slurpfile free "$out/free.json" \
		-f "$root/scripts/dev/limit/tables.jq" "$out/limited.json"
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Measure the machine that this runs on, as one of a fleet: by scripts/bench.sh into a folder of its
# own there, and then what came of it into the fleet's.
#
# usage: scripts/fleet/one.sh DIR NAME [BENCH-OPTION...]
#
# DIR/NAME/ gets asked.json at once, result.json, report.html, report.md and log.txt at the end.
# DMABENCH_FLEET_BENCH is another command than scripts/bench.sh, which takes its options. Exit status:
# of the measurement; 2 wrong usage; 128 plus the signal.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$root/scripts/lib/child.sh"
# shellcheck source=scripts/fleet/asked.sh
source "$root/scripts/fleet/asked.sh"

bench=${DMABENCH_FLEET_BENCH:-$root/scripts/bench.sh}
work=

bring() { # FILE TO
	[[ ! -e $1 ]] || replace "$2" cat -- "$1"
}

# shellcheck disable=SC2317 # a trap calls it
on_exit() {
	local code=$?
	end_child
	[[ -z $work ]] || rm -rf -- "$work"
	exit "$code"
}

main() {
	local folder name status=0 reason=
	case ${1-} in
	-h | --help) show_help ;;
	esac
	[[ $# -ge 2 && -n $1 && -n $2 ]] || usage_error "expected DIR and NAME"
	name=$2
	asked "$1" "$name"
	folder=$1/$(asked_folder "$name")
	folder=$(realpath -- "$folder")
	trap on_exit EXIT
	exit_on_signals
	work=$(scratch "$folder")
	run_child "$bench" "${@:3}" --out "$work/out" >"$work/log.txt" 2>&1 || status=$?
	for file in report.html report.md result.json; do
		bring "$work/out/$file" "$folder/$file"
	done
	bring "$work/log.txt" "$folder/log.txt"
	[[ $status -eq 0 ]] || reason="ended with status $status: $(grep -v '^$' "$work/log.txt" | tail -n 1 | cut -c 1-200)"
	asked "$1" "$name" "$status" "$reason"
	exit "$status"
}

main "$@"

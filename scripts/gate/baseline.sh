# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $baseline … are gate.sh's
#
# This tree against a stored baseline of this machine: the same cases in the same way.

# arguments_of FILE: of dmabench run, in $cases.
arguments_of() {
	local words
	words=$(jq -r -f "$root/scripts/gate/arguments.jq" "$1" 2>&1) ||
		usage_error "$1: $(tail -n 1 <<<"${words#jq: error (at *): }")"
	mapfile -t cases <<<"$words"
	[[ -z $launches ]] || cases+=(--launches "$launches")
}

# A file that compare can't read is no baseline.
check_baseline() {
	local code=0
	"$new_exe" compare --format json "$1" "$1" >/dev/null || code=$?
	[[ $code -ne 2 ]] || exit 2
}

# measure_again TO SEED [--only ID]...
measure_again() {
	local to=$1 with_seed=$2 code=0
	shift 2
	run_child "$new_exe" run "${cases[@]}" --seed "$with_seed" "$@" -o "$to" >"${to%.json}.txt" || code=$?
	measured "$code"
}

confirm_baseline() {
	measure_again "$out/confirm/new.json" "$((seed + 1))" "$@"
}

job_baseline() {
	build_present
	check_baseline "$baseline"
	arguments_of "$baseline"
	choose_rules
	make_out
	cp "$baseline" "$out/base.json"
	measure_again "$out/new.json" "$seed"
	decide "$out/base.json" "$out/new.json" confirm_baseline
	exit "$status"
}

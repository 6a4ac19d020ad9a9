# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $root, run_tap and tap_result are those of scripts/test.sh and guest.sh
#
# How close the paths come to what their engine can do. The simulator says what that is, and in
# the guest that counts instructions nothing but the code decides how much is missing.

close_to_the_limit() {
	local status=0 rate=100000000 latency=10000
	local judge=(jq -e -L "$root/scripts/dev/limit" --argjson rate "$rate" --argjson latency "$latency")
	"$root/scripts/vm.sh" --icount --nodes 1 --out "$out" --insmod "dmabench dmabench_sim:channels=1" \
		-- sh scripts/dev/limit/guest "$rate" "$latency" goals >&2 || status=$?
	echo 1..6
	tap_result 1 "every case is measured" "${judge[@]}" \
		'[.cases[] | select(.status == "ok" and .verified_bytes > 0)] | length == 16' "$out/limited.json"
	tap_result 2 "every path comes as close to the engine's rate as it must" "${judge[@]}" \
		'include "limit"; .cases | map(select(by_default and goal != null)) | length >= 7 and
		all(too_slow | not)' "$out/limited.json"
	tap_result 3 "a single descriptor is waited for no longer than it takes" "${judge[@]}" \
		'include "limit"; .cases | map(select(.params.depth == 1)) | length == 8 and
		all((woken_late | not) and .stages.wait > 0)' "$out/limited.json"
	tap_result 4 "nothing is faster than the engine" "${judge[@]}" \
		'include "limit"; all(.cases[]; share <= 1)' "$out/limited.json"
	tap_result 5 "what lies in one piece takes one descriptor" "${judge[@]}" \
		'.cases | map(select(.params.depth == 1)) | all(.stages.descriptors == 1)' "$out/limited.json"
	tap_result 6 "the guest ended with 0" [ "$status" -eq 0 ]
}

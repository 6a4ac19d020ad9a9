# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # jq expands; $root and run_tap are scripts/test.sh's
#
# The gate that counts instructions: two boots of one driver agree, and one that is slower by a
# known number of instructions is caught.

kernel_of_tests() {
	local release
	release=$(newest_headers 6.1)
	printf '%s\n' "${release##*/linux-headers-}"
}

# The gate's own boots, with names of its own kept out of the tests'.
gate_boot() { # MODULES RESULT
	(
		gate_cache=$root/build/gate
		# shellcheck source=scripts/gate/icount.sh
		source "$root/scripts/gate/icount.sh"
		run_child() { "$@"; }
		count_instructions "$1" "$2" 1
	)
}

icount_gate() {
	local out=$root/build/test/gate modules status result
	rm -rf "$out"
	mkdir -p "$out" "$root/build/gate"
	modules=$root/build/driver/$(kernel_of_tests)
	for result in one two; do gate_boot "$modules" "$out/$result.json" >&2; done
	gate_boot "$modules-slow" "$out/slow.json" >&2
	echo 1..6
	status=0
	"$root/build/dmabench" compare --format json="$out/same.out" "$out/one.json" "$out/two.json" >&2 || status=$?
	tap_result 1 "two boots of one driver: no regression" [ "$status" -eq 0 ]
	tap_result 2 "no case differs by more than 0.2 % either way" jq -e '
		[.cases[] | select(.change != null)] | length >= 40 and all(.change | fabs <= 0.002)' "$out/same.out"
	tap_result 3 "all cases were measured, on both engines" jq -e '(.cases | length >= 45) and
		all(.cases[]; .status == "ok") and ([.cases[].engine.driver] | unique | length == 3)' "$out/one.json"
	status=0
	"$root/build/dmabench" compare --format json="$out/slow.out" "$out/one.json" "$out/slow.json" >&2 || status=$?
	tap_result 4 "a driver that spends 220 instructions more on each copy is refused" [ "$status" -eq 1 ]
	tap_result 5 "each path's small copies fail, by about that many" jq -e '
		[.cases[] | select(.verdict == "FAIL")] | ([.[].id | split(":")[0]] | unique) as $paths
		| (["coherent", "engine", "pinned", "registered"] - $paths == [])
		and all(.[]; .change * .base > 150 and .change * .base < 300)' "$out/slow.out"
	tap_result 6 "the calls that aren't copies don't" jq -e '
		[.cases[] | select(.id | startswith("call-")) | select(.verdict != "FAIL")] | length == 20' "$out/slow.out"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Spread, latency and events in what a run writes: there, or null with a reason, and
# to be computed again from what is stored beside them. Nothing here depends on speed.

bats_require_minimum_version 1.5.0

setup_file() {
	export root=$BATS_TEST_DIRNAME/../..
	export dmabench=$root/build/dmabench
	export result=$BATS_FILE_TMPDIR/r.json
	"$dmabench" run --path memcpy,null --size 64,64K --launches 6 --samples 6 --sample-ms 1 \
		--cpu-ms 0 --calibrate-ms 0 --and --path memcpy --size 4K --cache cold \
		--and --path cow-private --share 0,100 --size 64K -o "$result"
}

# every TEST: true of each case, with what the tests below share.
every() {
	jq -e 'def mean: add / length;
		def sd: mean as $m | (map(. - $m | . * .) | add) / (length - 1) | sqrt;
		def cv: sd / mean;
		def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
		def near($x): (. - $x | fabs) <= 1e-6 * ($x | fabs);
		# Of times with nine digits, so no better than 1e-8 however steady they were.
		def near_cv($x): (. - $x | fabs) <= 1e-6 * ($x | fabs) + 2e-8;
		.cases | length == 7 and all(.[]; '"$1"')' "$result"
}

@test "each launch keeps its samples, and its quantiles are theirs" {
	every 'all(.launches[]; (.samples_ns_per_op | length) == .samples
		and (.ns_per_op.median as $m | .samples_ns_per_op | median | near($m))
		and (.ns_per_op.min as $m | .samples_ns_per_op | min | near($m)))'
}

@test "the spread can be computed again from the launches" {
	every '.spread.between.value as $b | .spread.within.value as $w
		| ([.launches[].ns_per_op.median] | cv | near_cv($b))
		and ([.launches[].samples_ns_per_op | cv] | median | near_cv($w))'
}

@test "outlying launches are named and stay" {
	every '(.spread.outliers.launches | type == "array" and all(. >= 0 and . < 6))
		and (.launches | length) == 6 and .spread.outliers.samples_examined == 36'
}

@test "too few launches or samples: null with a reason" {
	"$dmabench" run --path memcpy --size 4K --launches 1 --samples 1 --sample-ms 0 \
		--cpu-ms 0 -o "$BATS_TEST_TMPDIR/one.json"
	jq -e '.cases[0] | .time.ci_coverage == null and (.spread
		| .within.value == null and (.within.reason | length > 0)
		and .between.value == null and (.between.reason | length > 0)
		and .outliers.launches == null and (.outliers.reason | length > 0))' "$BATS_TEST_TMPDIR/one.json"
}

@test "each launch says what the clock is, and what it may be of the times" {
	every 'all(.launches[].clock; .share as $share | .cost_ns > 0 and .resolution_ns >= 1
		and .window_ns > 0 and $share > 0
		and ([1, ([.cost_ns, .resolution_ns] | max) / .window_ns] | min | near($share)))'
}

@test "latency: what was timed is named, and the buckets hold all timings" {
	every '.latency | .of == (if .ops_per_timing > 1 then "batch means" else "operations" end)
		and (.buckets | map(.[1]) | add) == .count
		and (.buckets | map(.[0]) | . == sort and all(. > 0))'
	jq -e '.cases[] | select(.path == "memcpy" and .params.size == 64) | .latency.of == "batch means"' "$result"
	jq -e '.cases[] | select(.params.cache == "cold") | .latency.of == "operations"' "$result"
}

@test "latency: percentiles need ten timings beyond them, and can be found in the buckets" {
	every '.latency as $l | all([["p90", 100, 0.9], ["p99", 1000, 0.99], ["p99_9", 10000, 0.999]][];
		. as [$name, $needed, $q] | if $l.count < $needed then $l[$name] == null and ($l.reason | length > 0)
		else $l[$name] as $is | [foreach $l.buckets[] as $b (0; . + $b[1]; [., $b[0]])
			| select(.[0] >= $q * $l.count * 0.999999999999)][0][1] | . == $is or $is == $l.max end)'
}

@test "events: counted, or null with a reason" {
	every '.params.cache as $cache | .events | to_entries | all(.[]; .key == "ops" or (.value
		| if .value == null then (.reason | length > 0) else .value >= 0 and .running > 0 end))'
	jq -e '.cases[] | select(.params.cache == "cold").events
		| .ops == 0 and (.page_faults.reason | contains("caches"))' "$result"
	"$dmabench" run --path null --size 4K --launches 1 --samples 1 --cpu-ms 0 --event-ms 0 \
		-o "$BATS_TEST_TMPDIR/none.json"
	jq -e '.cases[0].events | .ops == 0 and .cycles.value == null
		and .context_switches.reason == "not measured in this run"' "$BATS_TEST_TMPDIR/none.json"
}

@test "events: each page that a snapshot's owner writes is a fault" {
	faults() { jq "[.cases[] | select(.params.share == $1).events.page_faults][0].value" "$result"; }
	[ "$(faults 0)" != null ] || skip "page faults aren't counted here"
	# 64K are 16 pages; a few more may fault for other reasons.
	jq -en "$(faults 100) >= 16 and $(faults 100) >= $(faults 0) + 15"
}

@test "descriptor latencies: none for paths without descriptors" {
	every '.descriptor_latency == null'
}

@test "the options of these phases are checked" {
	for bad in "--event-ms x" "--descriptor-ms -1" "--event-ms 60001"; do
		# shellcheck disable=SC2086
		run "$dmabench" run --path null --size 4K $bad
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "table has the spread, descriptors and events" {
	"$dmabench" table "$result" >"$BATS_TEST_TMPDIR/t.tsv"
	awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["cv_between"] == "NA" || $at["cv_within"] == "NA" || $at["outliers"] !~ /^[0-9]+$/ ||
		$at["desc_p50"] != "NA" || !("page_faults" in at) || !("cycles" in at) { bad++ }
		END { exit bad || NR != 8 }' "$BATS_TEST_TMPDIR/t.tsv"
}

@test "the whole machine's CPU time is never less than the caller's, nor is more left than that" {
	"$dmabench" run --path memcpy,mremap,cow-fork,splice --size 4K,1M --launches 3 --samples 2 --sample-ms 1 \
		--cpu-ms 2 --calibrate-ms 2 -o "$BATS_TEST_TMPDIR/r.json"
	jq -e '[.cases[] | select(.status == "ok" and .cpu.caller.value? != null)] as $cases
		| all($cases[]; .cpu.machine.value >= .cpu.caller.value and .cpu.left.value < 1)
		and ($cases != [] or any(.cases[]; .cpu.caller.reason? != null))' "$BATS_TEST_TMPDIR/r.json"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# One result in formats that other programs read: Bencher Metric Format, Google Benchmark's JSON.

load helpers

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	good=$root/tests/fixtures/good.json
	dmabench=$root/build/dmabench
	cd "$BATS_TEST_TMPDIR" || exit
}

@test "bmf: a measure has its value and interval, by compare and by table alike" {
	expect 0 "$dmabench" table --format bmf "$good"
	cp stdout bmf.json
	jq -e --slurpfile good "$good" '. as $bmf | [$good[0].cases[] | select(.status == "ok" and .env == "host" and .class != "none")] as $cases
		| ($cases | length) > 10 and ($bmf | length) >= ($cases | length)
		and all($cases[]; . as $c | ($bmf | to_entries[] | select(.key | startswith($c.id)).value)
			| .latency.value == $c.time.value and .latency.lower_value == $c.time.ci95[0] and .latency.upper_value == $c.time.ci95[1]
			and (if $c.class == "copy" then .["bytes-per-second"].value == $c.throughput.value else has("bytes-per-second") | not end))' bmf.json
	# As Bencher's schema has it: benchmarks, measures, numbers.
	jq -e 'all(.[]; type == "object" and all(.[]; (.value | type) == "number" and all(.[]; type == "number")
		and (keys - ["value", "lower_value", "upper_value"]) == []))' bmf.json
	expect 0 "$dmabench" compare --advisory --format bmf=again.json "$good" "$good"
	cmp bmf.json again.json
}

@test "google-benchmark: a launch is a repetition, and the median is there" {
	expect 0 "$dmabench" table --format google-benchmark "$good"
	cp stdout g.json
	jq -e --slurpfile good "$good" '. as $g | $good[0] as $r | .context.date == $r.run.start and .context.num_cpus == 2
		and all($r.cases[] | select(.status == "ok" and .env == "host" and .engine == null and .class != "none"); . as $c
			| [$g.benchmarks[] | select(.run_name == $c.id)] as $all
			| [$all[] | select(.run_type == "iteration")] as $launches
			| ($launches | length) == ($c.launches | length)
			and ([$launches[].real_time] == [$c.launches[].ns_per_op.median])
			and ([$launches[].repetition_index] == [range($c.launches | length)])
			and all($all[]; .time_unit == "ns" and .repetitions == ($c.launches | length))
			and ([$all[] | select(.aggregate_name == "median").real_time] == [$c.time.value])
			and (if $c.class == "copy" then all($all[]; .bytes_per_second > 0) else true end))' g.json
	jq -e 'all(.benchmarks[]; .name | startswith("null:") | not)' g.json
	expect 0 "$dmabench" compare --advisory --format google-benchmark=again.json "$good" "$good"
	cmp g.json again.json
	# What wasn't measured isn't there.
	jq '.cases |= map(select(.status == "ok") | del(.launches[].cpu_caller_ns_per_byte) | .cpu.caller.value = null)' "$good" >no_cpu.json
	expect 0 "$dmabench" table --format google-benchmark no_cpu.json
	jq -e 'all(.benchmarks[]; has("cpu_time") | not)' stdout
}

@test "a failed case is an error without a number, a skipped one isn't there" {
	expect 0 "$dmabench" table --format google-benchmark "$good"
	jq -e --slurpfile good "$good" '. as $g | [$good[0].cases[] | select(.status == "failed" and .env == "host")] as $failed
		| ([$g.benchmarks[] | select(.error_occurred)] | length) == ($failed | length)
		and all($g.benchmarks[] | select(.error_occurred); (.error_message | length) > 0 and (has("real_time") | not))
		and all($good[0].cases[] | select(.status == "skipped"); .id as $id | all($g.benchmarks[]; .run_name != $id))' stdout
	expect 0 "$dmabench" table --format bmf "$good"
	jq -e --slurpfile good "$good" '. as $b | all($good[0].cases[] | select(.status != "ok"); .id as $id | $b | has($id) | not)' stdout
}

@test "nothing of emulated machines or engines; software engines are named; instructions are no times" {
	jq '.environments |= map(.platform = "vm-tcg")' "$good" >tcg.json
	expect 0 "$dmabench" table --format bmf tcg.json
	jq -e '. == {}' stdout
	expect 0 "$dmabench" table --format google-benchmark tcg.json
	jq -e '.benchmarks == []' stdout
	jq '.environments |= map(.platform = "vm-icount")' "$good" >icount.json
	expect 0 "$dmabench" table --format bmf icount.json
	jq -e 'length > 0 and all(to_entries[]; (.key | contains("instructions)")) and (.value | keys) == ["instructions"])' stdout
	expect 0 "$dmabench" table --format google-benchmark icount.json
	jq -e '.benchmarks == []' stdout
	jq '.environments |= map(.platform = "vm-kvm")
		| .cases |= map(if .engine == null then . else .engine.kind = "software" end)' "$good" >software.json
	expect 0 "$dmabench" table --format bmf software.json
	jq -e --slurpfile r software.json '. as $b | all($r[0].cases[] | select(.status == "ok" and .engine != null and .class != "none");
		"\(.id) (software)" as $name | $b | has($name))' stdout
	jq '.environments |= map(.platform = "vm-kvm") | .cases |= map(if .engine == null then . else .engine.kind = "emulated" end)' "$good" >emulated.json
	expect 0 "$dmabench" table --format bmf emulated.json
	jq -e --slurpfile r emulated.json '. as $b | all($r[0].cases[] | select(.engine != null); .id as $id | $b | has($id) | not)' stdout
}

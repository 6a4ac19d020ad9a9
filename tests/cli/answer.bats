#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The answer for people: sentences and a table in a terminal's width, at the end of run and by itself.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	dmabench=$top/build/dmabench
	good=$top/tests/fixtures/good.json
	cd "$BATS_TEST_TMPDIR" || return
	fast=(--launches 2 --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --state-ms 0)
}

# A bare ! never fails a test in the middle of it.
refute() { ! "$@"; }

# No line has more than 80 characters, whatever bytes they take.
narrow() { # FILE
	refute grep -E '.{81}' "$1"
}

@test "a table with units that fit, in 80 columns, then the sentences" {
	expect 0 "$dmabench" answer "$good"
	narrow stdout
	grep -qE '^  memcpy +4K +20\.5 GB/s \(20\.1 to 20\.9\) ' stdout
	grep -qE '^  cow-private 10 % +16M ' stdout
	grep -qE '^host: hot cache, 4K pages' stdout
	tr '\n' ' ' <stdout | grep -q 'Here one thread copies fastest with memcpy up to 410K and nt above; 2 threads pay at 1M\.'
	# Who moved the bytes, where no hardware did.
	grep -q '^guest: dmabench_sim (software engine)' stdout
	grep -q '^guest: No advice from an emulated machine' stdout
	# No id in it.
	refute grep -q 'size=' stdout
}

@test "what was skipped or failed has its reason, once for all cases that share it" {
	expect 0 "$dmabench" answer "$good"
	while IFS=$'\t' read -r status path reason; do
		tr -s '\n ' '  ' <stdout | grep -qF "$status $path: $reason"
	done < <(jq -r '.cases[] | select(.status != "ok") | [.status, .path, .reason] | @tsv' "$good")
}

@test "--json: winners, map and sentences by environment, of ids that the result has" {
	expect 0 "$dmabench" answer --json "$good"
	jq -e --slurpfile r "$good" '([$r[0].cases[].id]) as $ids
		| length == ($r[0].environments | length)
		and all(.[]; .env and (.sentences | length > 0))
		and all(.[].winners[]; .id as $id | $ids | index([$id]) != null)
		and all(.[].map[].fields[]; .id as $id | $ids | index([$id]) != null)
		and (.[0].winners | map(.size) == [4096, 65536, 1048576, 16777216])
		and ([.[] | select(.advice | not) | .winners, .map] | add == [])' stdout
}

@test "the winner of each size is the fastest copy by hardware in the main setting" {
	"$dmabench" answer --json "$good" >answer.json
	jq -e --slurpfile r "$good" '.[0] | .setting as $setting | all(.winners[]; .size as $size | .id as $id
		| [$r[0].cases[] | select(.env == "host" and .status == "ok" and .class == "copy" and .params.size == $size
			and .params.cache == $setting.cache and (.engine == null or .engine.kind == "hardware"))]
		| min_by(.time.value).id == $id)' answer.json
}

@test "--costs: setting up and a byte, by path, of real machines alone" {
	expect 0 "$dmabench" answer --costs "$good"
	narrow stdout
	tr -s '\n ' '  ' <stdout >words
	grep -q 'memcpy (hot cache, 4K pages, all on node 0): .* GB/s .*from 4K to ' words
	grep -q 'cow-private 0 % written .* 2 sizes: it takes 3 to see' words
	grep -q 'guest: an emulated machine: its times mean nothing$\|guest: an emulated machine: its times mean nothing ' words
	refute grep -q 'null (' words
	expect 2 "$dmabench" answer --costs --json "$good"
	# On a line that is known: 2.1 µs and 12 GB/s.
	jq '.cases |= map(select(.path == "memcpy" and .params.cache == "hot" and .env == "host")
		| (2100 + .params.size / 12) as $t | .time.value = $t | .time.ci95 = [$t, $t]
		| .launches |= map(.ns_per_op |= map_values($t)))' "$good" >line.json
	"$dmabench" answer --costs line.json | tr -s '\n ' '  ' |
		grep -q 'setting up costs 2.1 µs (2.1 µs to 2.1 µs), then 12 GB/s (12 GB/s to 12 GB/s), from 4K to 16M; half of it is reached at 25K$\|setting up costs 2.1 µs (2.1 µs to 2.1 µs), then 12 GB/s (12 GB/s to 12 GB/s), from 4K to 16M; half of it is reached at 25K '
	"$dmabench" answer --json line.json | jq -e '.[0].costs | length == 1 and .[0].sizes == 4 and .[0].worst < 1e-9
		and (.[0].half.value | . > 25199 and . < 25201) and .[0].fixed.seen and .[0].beside == []'
}

@test "run ends with the table and the answer; --ids with a line a case" {
	expect 0 "$dmabench" run --path memcpy,mremap --size 64K "${fast[@]}"
	grep -qE '^  memcpy +64K ' stdout
	grep -q '^Here ' stdout
	narrow stdout
	expect 0 "$dmabench" run --path memcpy,mremap --size 64K "${fast[@]}" --ids
	[ "$(wc -l <stdout)" -eq 2 ]
	grep -q '^memcpy:size=65536,.* ns .* GB/s$' stdout
}

@test "what is here and wasn't listed is in the result, with the reason, and in the sentence" {
	mkdir -p root/dev root/sys/class/dma/dma0chan0
	touch root/dev/nvidiactl
	DMABENCH_SYSROOT=$PWD/root expect 0 "$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json
	tr '\n' ' ' <stdout | grep -q "neither the kernel's DMA channels nor a GPU's copy engines were looked at\."
	"$top/tests/fixtures/validate.py" "$top/results/result.schema.json" r.json
	jq -e '.environments[0] | .engines == [] and (.engines_unlisted | map(.what)) == ["dmaengine", "gpu"]
		and .engines_unlisted[1].reason == "no case takes them" and (.engines_unlisted[0].reason | contains("/dev/dmabench"))' r.json
	rm -r root/dev root/sys
	mkdir root/dev
	DMABENCH_SYSROOT=$PWD/root expect 0 "$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json --force
	tr '\n' ' ' <stdout | grep -q 'There is no DMA engine\.'
	jq -e '.environments[0].engines_unlisted == []' r.json
}

@test "a bar with the share and the time left on a terminal, lines elsewhere" {
	expect 0 "$dmabench" run --path memcpy --size 4K,64K "${fast[@]}"
	grep -qE '^[1-4]/4 launches, about [0-9]+ s left$' stderr
	script -qec "'$dmabench' run --path memcpy --size 4K,64K ${fast[*]}" /dev/null </dev/null >typed
	grep -qE '\[#+ *\] +[0-9]+ %, about [0-9]+ s left: memcpy ' typed
	tr '\r' '\n' <typed | sed 's/\x1b\[K//g' >lines
	narrow lines
}

@test "names from the file can't steer the terminal" {
	jq '.cases[0].path = "mem\u001b[31mcpy" | .cases[1].reason = "no\u0007pe\nforged" | .cases[1].status = "failed"
		| .cases[1] |= with_entries(select(.key | IN("id", "env", "path", "class", "params", "engine", "status", "reason")))' "$good" >evil.json
	expect 0 "$dmabench" answer evil.json
	refute grep -q $'[\x1b\x07]' stdout
	refute grep -q '^forged' stdout
}

@test "a size that is none: exit 2, one line that names the case" {
	for size in 0 -1 null '"4K"'; do
		jq ".cases[2].params.size = $size" "$good" >size.json
		expect 2 "$dmabench" answer size.json
		grep -qF "size.json: case $(jq -r '.cases[2].id' "$good"): its size is not a size" stderr
		[ "$(wc -l <stderr)" -eq 1 ]
		[ ! -s stdout ]
	done
	jq '.cases[2].id = "x\u001b[31m" | .cases[2].params.size = 0' "$good" >size.json
	expect 2 "$dmabench" answer size.json
	refute grep -q $'\x1b' stderr
}

@test "figures and environments that can't be: exit 2, one line, and no answer made from them" {
	for edit in 'del(.environments[0].id)' '.environments = []' '.environments[1].id = "host"' '.cases[0].class = null' \
		'.cases[0].time.value = -5' '.cases[0].time.value = 0' '.cases[0].time.ci95 |= reverse' '.cases[0].time.ci95 = ["a", "b"]' \
		'.cases[0].time = "x"' '.cases[0].throughput.value = 0' '.cases[0].throughput.ci95 = 3' '.cases[0].launches = {}' \
		'(first(.cases[] | select(.engine != null))).engine.driver = null' '.cases[0].params.size = 1e300'; do
		jq "$edit" "$good" >broken.json
		expect 2 "$dmabench" answer broken.json
		[ "$(wc -l <stderr)" -eq 1 ]
		[ ! -s stdout ]
	done
}

@test "an incomplete run is said; unreadable and wrong input: exit 2, one line" {
	jq '.run.complete = false' "$good" >half.json
	expect 0 "$dmabench" answer half.json
	grep -qx 'dmabench answer: half.json: the run is incomplete' stderr
	echo '{' >broken.json
	for args in "" "a b" "nosuch.json" "broken.json" "--yaml $good" .; do
		# shellcheck disable=SC2086 # words
		expect 2 "$dmabench" answer $args
		[ "$(wc -l <stderr)" -eq 1 ]
		[ ! -s stdout ]
	done
}

@test "a result without a case with figures, or without any" {
	jq '.cases |= map(select(.status != "ok"))' "$good" >none.json
	expect 0 "$dmabench" answer none.json
	grep -q 'no copy by one thread was measured' stdout
	jq '.cases = []' "$good" >empty.json
	expect 0 "$dmabench" answer empty.json
}

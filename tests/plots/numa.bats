#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The heat map and the tables of a NUMA matrix, of huge pages and of cold caches.
# shellcheck disable=SC2016 # jq expands

bats_require_minimum_version 1.5.0

setup_file() {
	export root=$BATS_TEST_DIRNAME/../..
	export good=$root/tests/fixtures/good.json
	export four=$BATS_FILE_TMPDIR/four.json
	export out=$BATS_FILE_TMPDIR/out
	jq -f "$root/tests/fixtures/valid/four-nodes.jq" "$good" >"$four"
	"$root/scripts/plot.sh" "$four" "$out/plots" 2>"$BATS_FILE_TMPDIR/messages"
	"$root/scripts/report.sh" "$four" "$out"
}

texts() { xmllint --xpath '//*[local-name()="text"]//text()' "$out/plots/numa-host.svg"; }

has_text() {
	texts | grep -qxF -- "$1" || {
		echo "no \"$1\""
		return 1
	}
}

reported() { # EDIT: of the machine with four nodes
	out=$BATS_TEST_TMPDIR/out
	jq "$@" "$four" >"$BATS_TEST_TMPDIR/result.json"
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" "$BATS_TEST_TMPDIR/result.json"
	"$root/scripts/report.sh" "$BATS_TEST_TMPDIR/result.json" "$out"
}

altered() { # EDIT: the same, and drawn; only the host's copies, to draw little
	reported "$1 | .environments |= .[:1] | .cases |= map(select(.env == \"host\" and .class == \"copy\"))"
	"$root/scripts/plot.sh" "$BATS_TEST_TMPDIR/result.json" "$out/plots" 2>/dev/null
}

says() {
	grep -qF -- "$1" "$out/report.md" || {
		echo "report.md doesn't say: $1"
		return 1
	}
}

no_text() { # REGEX: in no text of the picture
	[ -s "$out/plots/numa-host.svg" ] && [ "$(texts | grep -cE -- "$1")" -eq 0 ]
}

@test "the heat map has both axes, every node, every direction and a value in each cell" {
	for text in CPU "memory: source → destination node" "throughput, GB/s" "node 0" "node 1" "node 2" \
		0→0 0→3 3→0 3→3 "memcpy, 16M" "nt, 16M" "pinned · ioatdma (hardware), 16M, engine on node 1"; do
		has_text "$text"
	done
	# The node without CPUs is in no row.
	no_text '^node 3$'
	# memcpy: local 10 GB/s on three nodes; the failed case has no figure.
	[ "$(texts | grep -cxF 7.27)" -eq 6 ]
	has_text 8.73
	[ "$(texts | grep -cxF –)" -eq 1 ]
	[[ $(file -b "$out/plots/numa-host.png") == "PNG image data, 1440 x 900"* ]]
	run "$root/tests/fixtures/png_colours.py" "$out/plots/numa-host.png"
	[ "${output##* }" -gt 100 ]
}

@test "colours follow the figures: the best is yellow, the worst dark blue" {
	grep -q "rgb(254, 232,  56)" "$out/plots/numa-host.svg"
	grep -q "rgb(  0,  34,  78)" "$out/plots/numa-host.svg"
	# All alike: one colour, and still drawn.
	altered '.cases |= map(if .params.size == 16777216 and .path == "memcpy" and .status == "ok" and .params.cache == "hot"
		then .throughput.value = 5e9 else . end) | .cases |= map(select(.path == "memcpy"))'
	[ "$(texts | grep -cxF 5)" -ge 48 ]
}

@test "two nodes fit side by side" {
	altered '.cases |= map(select((.params.cpu_node // 0) < 2 and (.params.src_node // 0) < 2
		and (.params.dst_node // 0) < 2))'
	for text in "node 1" 0→1 1→0 10 7.27 "nt, 16M"; do has_text "$text"; done
	no_text 'node 2$|→2'
}

@test "the tables have best, worst and the ratio to the local copy" {
	says "#### Throughput by node"
	says "| CPU node | 0→0 | 0→1 | 0→2 | 0→3 | 1→0 |"
	says "| 0 | 10 (×1) **best** | 7.27 (×0.73) |"
	says "4 (×0.4) *worst* |"
	# The engine's node is what is local to it, whichever CPU asks.
	grep -A 4 -F "pinned · ioatdma (hardware), 16M, engine on node 1" "$out/report.md" |
		grep -qF "| 0 | 4.92 (×0.62) |"
	# A failed combination is a blank.
	grep -qE '^\| 2 \|.*\| – \|$' "$out/report.md"
}

@test "a machine whose times mean nothing has no best and no worst, and the band" {
	altered '.environments[0].platform = "vm-tcg"'
	says "#### Throughput by node"
	run ! grep -qE '\*\*best|\*worst' "$out/report.md"
	texts | grep -qF "EMULATED MACHINE (vm-tcg): times mean nothing"
}

@test "one combination of nodes is no matrix" {
	jq '.environments |= .[:1] | .cases |= map(select(.env == "host" and .class == "copy"))' "$good" \
		>"$BATS_TEST_TMPDIR/host.json"
	"$root/scripts/plot.sh" "$BATS_TEST_TMPDIR/host.json" "$BATS_TEST_TMPDIR/plots" \
		2>"$BATS_TEST_TMPDIR/messages"
	"$root/scripts/report.sh" "$good" "$BATS_TEST_TMPDIR"
	grep -qF "no data for numa: no picture" "$BATS_TEST_TMPDIR/messages"
	[ ! -e "$BATS_TEST_TMPDIR/plots/numa-host.svg" ]
	[ -s "$BATS_TEST_TMPDIR/report.md" ]
	run ! grep -q "Throughput by node" "$BATS_TEST_TMPDIR/report.md"
	run ! grep -q "between nodes were not measured" "$out/report.md"
	reported '.cases |= map(select((.params | .cpu_node == .src_node and .cpu_node == .dst_node
		and (.cpu_node // 0) == 0) or .status != "ok"))'
	says '`host` has 4 NUMA nodes, but copies between nodes were not measured'
}

@test "coherent buffers name the node of the CPU and no other" {
	reported '.cases |= map(if .path == "coherent" then .params |= del(.src_node, .dst_node) else . end)'
	says "CPU on node 0"
	run ! grep -q ", null" "$out/report.md"
}

@test "huge pages that were not all had are shown with their share" {
	reported '(.cases[] | select(.path == "movsb" and .params.size == 16777216)) |= (
		.params.pages = "thp" | .id = "movsb-thp@host" | .launches[].placement |= (
		.dst_pages = [{kind: "thp", page_bytes: 2097152, bytes: 16777216}]
		| .src_pages = [{kind: "base", page_bytes: 4096, bytes: 4194304},
			{kind: "thp", page_bytes: 2097152, bytes: 12582912}]))'
	says "| movsb | 16M | thp | 75 % |"
	reported '(.cases[] | select(.path == "movsb" and .params.size == 16777216)) |= (
		.params.pages = "thp" | .launches[].placement.src_pages =
			[{kind: "thp", page_bytes: 2097152, bytes: 16777216}])'
	run ! grep -q "Huge pages that were not all had" "$out/report.md"
}

@test "a cold cache that isn't cold is said at the top, one that is in the table" {
	cold='(.cases[] | select(.params.cache == "cold" and .path == "nt")).first_touch ='
	reported "$cold"' {unit: "ns/line", cold: 140, hot: 2, lines: 256}'
	says "| nt | 4K | 140 ns | 2 ns | cold |"
	run ! grep -q "Cold is not cold here" "$out/report.md"
	reported "$cold"' {unit: "ns/line", cold: 6, hot: 2, lines: 256}'
	says "| nt | 4K | 6 ns | 2 ns | **not cold** |"
	sed -n "/^## What the data can/,/^## Pictures/p" "$out/report.md" |
		grep -qF 'Cold is not cold here**: 4 cases of `host`'
	reported "$cold"' {unit: "ns/line", cold: 1.3, hot: 0, lines: 2}'
	says "| nt | 4K | 1.3 ns | 0 ns | **not cold** |"
	reported "$cold"' {unit: "ns/line", cold: null, hot: null, reason: "this machine emulates no caches"}'
	says "| nt | 4K | – | – | not known: this machine emulates no caches |"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Nodes, page sizes and cold caches on the command line; machines with more than one node
# are in the guest tests.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR" || return
	fast=(--launches 2 --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0)
}

valid() {
	"$top/tests/fixtures/validate.py" "$top/results/result.schema.json" "$1"
}

@test "--numa-matrix beside a node of its own choosing: exit 2 and one line, in either order" {
	for node in --cpu-node --src-node --dst-node; do
		for arguments in "--numa-matrix $node 0" "$node 0 --numa-matrix"; do
			# shellcheck disable=SC2086
			run --separate-stderr "$dmabench" run --path memcpy $arguments --dry-run
			status_is 2
			in_stderr "--numa-matrix"
			[ -z "$output" ]
			[ "${#stderr_lines[@]}" -eq 1 ]
		done
	done
	run --separate-stderr "$dmabench" run --numa-matrix=yes --dry-run
	status_is 2
	# Another group may choose.
	"$dmabench" run --path memcpy --size 4K --numa-matrix \
		--and --path nt --size 4K --cpu-node "$("$dmabench" list --json | jq .nodes[0].id)" --dry-run
}

@test "--numa-matrix is every CPU node by every pair of memory nodes" {
	"$dmabench" list --json >list.json
	cpus=$(jq '[.nodes[] | select(.no_cpu_reason == null)] | length' list.json)
	memory=$(jq '[.nodes[] | select(.no_memory_reason == null)] | length' list.json)
	"$dmabench" run --path memcpy --size 4K --numa-matrix --dry-run >plan
	[ "$(grep -c '^memcpy:' plan)" -eq $((cpus * memory * memory)) ]
	# What an earlier group measures already isn't measured twice.
	"$dmabench" run --path memcpy --size 4K,64K --and --path memcpy --size 4K --numa-matrix --dry-run >plan
	[ "$(grep -c '^memcpy:' plan)" -eq $((cpus * memory * memory + 1)) ]
}

@test "list shows each node's CPUs, memory and distances" {
	"$dmabench" list --json | jq -e '(.nodes | length) as $n |
		all(.nodes[]; (.distances | length) == $n and all(.distances[]; . >= 0))'
	"$dmabench" list | grep -qE '^  0 +[0-9]+ usable CPUs, [0-9.]+ GB, distances [0-9]+'
}

@test "coherent memory lies where the device is: no source and destination nodes in its cases" {
	"$dmabench" run --path coherent --size 4K --dry-run >plan
	grep -q '^coherent:.*cpu_node=' plan
	run ! grep -q 'src_node\|dst_node' plan
}

@test "the page sizes that a buffer got are recorded" {
	"$dmabench" run --path memcpy --size 4M --pages 4K,thp "${fast[@]}" -o r.json
	valid r.json
	jq -e '.cases[] | select(.params.pages == "4K") | all(.launches[].placement;
		.src_pages == null or ([.src_pages[].kind] == ["base"] and .src_pages[0].bytes == 4194304))' r.json
	jq -e '.cases[] | select(.params.pages == "thp") | .status == "skipped" or
		all(.launches[].placement | .src_pages, .dst_pages; . == null or
			([.[].bytes] | add) == 4194304 and ([.[] | select(.kind == "thp").bytes] | add) >= 2097152)' r.json
}

@test "huge pages that aren't there: skipped, with where to get them" {
	for pages in 2M 1G; do
		kib=$([[ $pages == 2M ]] && echo 2048 || echo 1048576)
		[ "$(cat "/sys/kernel/mm/hugepages/hugepages-${kib}kB/nr_hugepages" 2>/dev/null || echo 0)" -eq 0 ] ||
			skip "there are some"
		run "$dmabench" run --path memcpy --size 4K --pages "$pages" "${fast[@]}" -o "$pages.json"
		[ "$status" -eq 3 ]
		jq -e --arg pages "$pages" '.cases[0].reason | contains("huge pages of \($pages)") and
			(contains("nr_hugepages") or contains("this machine has no"))' "$pages.json"
	done
}

@test "a cold cache comes with its proof, or with why there is none; a hot one with neither" {
	"$dmabench" run --path memcpy --size 64,4K,1M --cache hot,cold "${fast[@]}" -o r.json
	valid r.json
	jq -e 'all(.cases[] | select(.params.cache == "hot"); has("first_touch") | not)' r.json
	jq -e 'all(.cases[] | select(.params.cache == "cold") | .first_touch;
		.unit == "ns/line" and (.cold > 0 and .hot >= 0 or .cold == null and (.reason | length > 0)))' r.json
	DMABENCH_PLATFORM=vm-icount "$dmabench" run --path memcpy --size 4K --cache cold "${fast[@]}" -o e.json
	valid e.json
	jq -e '.cases[0].first_touch | .cold == null and .hot == null and (.reason | contains("emulates"))' e.json
}

@test "full runs of machines with several nodes measure the matrix, of large ones the user does" {
	mode=full
	warn() { echo "$*" >&2; }
	# shellcheck source=scripts/bench/cases.sh
	source "$top/scripts/bench/cases.sh"
	for nodes in 1 2 4 8; do
		node_count() { echo "$nodes"; }
		host_cases 2>"warning-$nodes"
		"$dmabench" run "${cases[@]}" --dry-run >"plan-$nodes"
		printf '%s\n' "${cases[@]}" >"cases-$nodes"
	done
	run ! grep -qx -e --numa-matrix cases-1
	grep -qx -e --numa-matrix cases-2
	grep -qx -e --numa-matrix cases-4
	run ! grep -qx -e --numa-matrix cases-8
	grep -q numa-matrix warning-8
	[ ! -s warning-2 ]
}

@test "table --matrix: a row a CPU node, a column a direction, NA where there is no figure" {
	jq -f "$top/tests/fixtures/valid/four-nodes.jq" "$top/tests/fixtures/good.json" >four.json
	"$dmabench" table --matrix four.json >matrix
	[ "$(grep -c 'GB/s$' matrix)" -eq 4 ]
	grep -qE '^memcpy .*"size":16777216.* host on vm-kvm, GB/s$' matrix
	grep -qE '^pinned .*, hardware engine on node 1, host on vm-kvm, GB/s$' matrix
	[ "$(grep -m 1 '^CPU node' matrix | wc -w)" -eq $((2 + 16)) ]
	# The second row of memcpy: 1->1 is local.
	awk '/^memcpy/ { on = 1 } on && $1 == "CPU" { for (i = 3; i <= NF; i++) at[$i] = i - 1 }
		on && $1 == "1" { found = $at["1->1"] == "10.000" && $at["0->1"] == "8.000"; exit }
		END { exit !found }' matrix
	grep -qE '^ +2 .* NA$' matrix
	[ "$(grep -cE '^ +3 ' matrix)" -eq 0 ]
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json
	run --separate-stderr "$dmabench" table --matrix r.json
	status_is 3
	in_stderr "more than one combination of nodes"
	run --separate-stderr "$dmabench" table --matrix
	status_is 2
}

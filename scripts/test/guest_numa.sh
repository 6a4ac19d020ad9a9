# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root, run_tap and tap_result are
# those of scripts/test.sh and guest.sh
#
# The NUMA matrix where there are nodes: two of the same kind, and four of which one has no
# CPUs and one no memory. What came back is judged here, and drawn.

numa_once=(--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0)

# Each page where it was asked to be, each CPU of the node that was asked for.
numa_placed='
	(.environments[0].identity.nodes | map({key: "\(.id)", value: .cpus}) | from_entries) as $cpus
	| [.cases[] | select(.status == "ok" and .params.src_node != null)]
	| length > 0 and all(.[]; .params as $p | all(.launches[].placement; .cpu as $cpu
		| ($cpus["\($p.cpu_node)"] | index([$cpu])) != null
		and (.src == null or [.src[].node] == [$p.src_node])
		and (.dst == null or [.dst[].node] == [$p.dst_node])))'

# numa_combinations FILE PATH: "cpu source destination" of its ok cases, sorted.
numa_combinations() {
	jq -r --arg path "$2" '.cases[] | select(.path == $path and .status == "ok")
		| .params | "\(.cpu_node) \(.src_node) \(.dst_node)"' "$1" | sort -u
}

# numa_whole FILE PATHS CPU-NODES MEMORY-NODES: each path has each combination, and no other.
numa_whole() {
	local path cpu from to
	for path in $2; do
		for cpu in $3; do
			for from in $4; do
				for to in $4; do echo "$cpu $from $to"; done
			done
		done | sort | cmp - <(numa_combinations "$1" "$path") || return 1
	done
}

numa_valid() {
	/usr/bin/python3 "$root/tests/fixtures/validate.py" "$root/results/result.schema.json" "$@"
}

# numa_drawn FILE OUTDIR CPU-NODES MEMORY-NODES: heat map and tables, marked as emulated.
numa_drawn() {
	local texts cpu from to
	"$root/scripts/plot.sh" "$1" "$2/plots" && "$root/scripts/report.sh" "$1" "$2" || return 1
	texts=$(xmllint --xpath '//*[local-name()="text"]//text()' "$2/plots/numa-host.svg") || return 1
	grep -q 'EMULATED MACHINE' <<<"$texts" || return 1
	for cpu in $3; do
		grep -qxF "node $cpu" <<<"$texts" && grep -q "^| $cpu |" "$2/report.md" || return 1
	done
	for from in $4; do
		for to in $4; do grep -qxF "$from→$to" <<<"$texts" || return 1; done
	done
	grep -q "^#### Throughput by node" "$2/report.md"
}

# What the run has open is looked at while launches come and go.
two_nodes_run='
	build/dmabench run "$@" -o "$DMABENCH_OUT/r.json" &
	while kill -0 $! && ! grep -q perf_event "$DMABENCH_OUT/open"; do
		sleep 0.2
		ls -l /proc/$!/fd >"$DMABENCH_OUT/open"
	done 2>/dev/null
	wait $!'

two_nodes() {
	local status=0 copies="memcpy memcpy-mt process-vm pinned registered engine"
	"$root/scripts/vm.sh" --smp 2 --nodes 2 --out "$out" \
		--insmod "dmabench dmabench_sim" -- sh -c "$two_nodes_run" sh "${numa_once[@]}" \
		--path "${copies// /,},coherent,cow-private,cow-fork,mremap,uffd-move,migrate,shared,splice" \
		--size 64K --numa-matrix \
		--and --path pinned-mt --size 64K --threads 2 --cpu-node 0 --src-node 0,1 --dst-node 0,1 --direction both \
		>&2 || status=$?
	echo 1..9
	tap_result 1 "the run in the guest ended with 0" [ "$status" -eq 0 ]
	tap_result 2 "every copy has every combination of nodes" \
		numa_whole "$out/r.json" "$copies" "0 1" "0 1"
	tap_result 3 "buffers and callers were on the nodes of their cases" jq -e "$numa_placed" "$out/r.json"
	tap_result 4 "snapshots, moves and views only where they can put their pages" jq -e '
		[.cases[] | select(.path != "migrate") | select(.class | . == "snapshot" or . == "move" or . == "view")]
		| any(.[]; .status == "ok") and all(.[]; .status == "ok" or (.reason | length > 0))
		and all(.[] | select(.status == "ok").params; .dst_node == .src_node or .dst_node == .cpu_node)' \
		"$out/r.json"
	tap_result 5 "the result fits the schema" numa_valid "$out/r.json"
	tap_result 6 "table and heat map are drawn and marked" numa_drawn "$out/r.json" "$out" "0 1" "0 1"
	tap_result 7 "an event is held all along, so that the kernel needn't patch itself each time" \
		grep perf_event "$out/open"
	tap_result 8 "pages are moved to another node where there is another, from both" jq -e '
		[.cases[] | select(.path == "migrate")] | length == 8 and all(.[]; .params.src_node != .params.dst_node
			and .status == "ok" or .params.src_node == .params.dst_node and .status == "skipped"
			and (.reason | contains("--dst-node")))' "$out/r.json"
	tap_result 9 "both directions at once go from each node to the other, each buffer where it is to be" jq -e '
		[.cases[] | select(.params.direction == "both")] | length == 4 and all(.status == "ok" and (.params as $p
			| all(.launches[].placement; [.src[].node] == [$p.src_node] and [.dst[].node] == [$p.dst_node])))' "$out/r.json"
}

# Four nodes: node 1 has no memory, node 3 no CPUs, and only node 2 has huge pages.
four_nodes_runs='
	nodes=/sys/devices/system/node
	echo 8 >$nodes/node2/hugepages/hugepages-2048kB/nr_hugepages
	build/dmabench list --json >$DMABENCH_OUT/list.json
	build/dmabench run "$@" --path memcpy,pinned --size 64K --numa-matrix \
		-o $DMABENCH_OUT/matrix.json || exit 11
	build/dmabench run "$@" --path memcpy --size 4K --cpu-node 3,0 --src-node 1,0 \
		--and --path memcpy --size 4K --cpu-node 0 --dst-node 1 \
		--and --path memcpy --size 200M -o $DMABENCH_OUT/lacking.json || exit 12
	build/dmabench run "$@" --path memcpy --size 64K,3M --pages 2M --src-node 0,2 --dst-node 2 \
		--and --path memcpy --size 64K --pages 1G --and --path memcpy --size 4M --pages thp \
		--and --path memcpy --size 64K --cache cold -o $DMABENCH_OUT/pages.json || exit 13
	build/dmabench run --path memcpy --src-node 5 2>$DMABENCH_OUT/refused
	[ $? -eq 2 ] || exit 14'

four_nodes() {
	local status=0
	"$root/scripts/vm.sh" --smp 3 --nodes 4 --cpuless 3 --memless 1 \
		--distances 21,31,17,21,31,21 --out "$out" --insmod "dmabench dmabench_sim" -- \
		sh -c "$four_nodes_runs" sh "${numa_once[@]}" >&2 || status=$?
	echo 1..11
	tap_result 1 "the runs in the guest ended with 0, and node 5 was refused" [ "$status" -eq 0 ]
	tap_result 2 "list tells CPUs, memory and distances of each node" jq -e '
		[.nodes[] | [.id, .cpus > 0, .bytes > 0]] == [[0, true, true], [1, true, false],
		[2, true, true], [3, false, true]] and .nodes[0].distances == [10, 21, 31, 17]
		and .nodes[3].distances == [17, 31, 21, 10]' "$out/list.json"
	tap_result 3 "node 3 is source and destination and never CPU, node 1 CPU and no more" \
		numa_whole "$out/matrix.json" "memcpy pinned" "0 1 2" "0 2 3"
	tap_result 4 "buffers and callers were on the nodes of their cases" \
		jq -e "$numa_placed" "$out/matrix.json"
	tap_result 5 "asked for what a node lacks: skipped, with what it lacks" jq -e '
		all(.cases[] | select(.params.cpu_node == 3); .reason | contains("node 3 has no CPUs"))
		and all(.cases[] | select(.params.cpu_node == 0 and (.params.src_node == 1
			or .params.dst_node == 1)); .reason | contains("node 1 has no memory"))
		and ([.cases[].status] | sort | unique) == ["ok", "skipped"]' "$out/lacking.json"
	tap_result 6 "a size above a node's memory is skipped, though the machine has it" jq -e '
		.cases[] | select(.params.size == 209715200)
		| .status == "skipped" and (.reason | contains("bytes of memory on node 0"))' "$out/lacking.json"
	tap_result 7 "2M pages on node 2 are had and recorded as such" jq -e '
		[.cases[] | select(.params.pages == "2M" and .params.src_node == 2)]
		| length == 2 and all(.[]; .status == "ok" and .params.size as $size
		| all(.launches[].placement | .src_pages, .dst_pages;
		. == [{kind: "hugetlb", page_bytes: 2097152, bytes: $size}]))' "$out/pages.json"
	tap_result 8 "2M pages that node 0 lacks, and 1G pages: skipped, with where to get them" jq -e '
		[.cases[] | select(.params.pages == "2M" and .params.src_node == 0 or .params.pages == "1G")]
		| length == 3 and all(.status == "skipped" and (.reason | contains("node 0 has 0 free: raise "
		+ "/sys/devices/system/node/node0/hugepages/hugepages-")))' "$out/pages.json"
	tap_result 9 "THP are recorded; cold caches are not claimed where none are emulated" jq -e '
		(.cases[] | select(.params.pages == "thp") | .status == "ok" and
		 ([.launches[0].placement.src_pages[] | select(.kind == "thp").bytes] | add) >= 2097152)
		and (.cases[] | select(.params.cache == "cold") | .first_touch.cold == null)' "$out/pages.json"
	tap_result 10 "the results fit the schema" \
		numa_valid "$out/matrix.json" "$out/lacking.json" "$out/pages.json"
	tap_result 11 "table and heat map are drawn and marked" \
		numa_drawn "$out/matrix.json" "$out" "0 1 2" "0 2 3"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Where the kernel refuses system calls, as in most containers: what can't be seen or set isn't
# taken for good, and the reason names the call. The second node is made up: number 1000, which
# no kernel has.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup_file() {
	cc -O1 -o "$BATS_FILE_TMPDIR/refuse" "$BATS_TEST_DIRNAME/refuse.c"
}

setup() {
	dmabench=$top/build/dmabench
	refuse=$BATS_FILE_TMPDIR/refuse
	cd "$BATS_TEST_TMPDIR" || return
	"$refuse" mbind -- true || skip "no seccomp filters here"
	fast=(--launches 2 --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --state-ms 0)
	placing=(mbind get_mempolicy set_mempolicy move_pages)
}

# two_nodes [numa_maps]: a machine with all CPUs on node 0 and memory on it and on node 1000;
# numa_maps: a kernel that tells there of the pages of a process.
two_nodes() {
	local nodes=machine/sys/devices/system/node
	mkdir -p "$nodes"/node{0,1000} machine/proc/self
	echo 0,1000 | tee "$nodes/online" >"$nodes/has_memory"
	echo 0-8191 >"$nodes/node0/cpulist"
	echo >"$nodes/node1000/cpulist"
	for node in 0 1000; do
		printf 'Node %s MemTotal: 9000000 kB\nNode %s MemFree: 9000000 kB\n' $node $node >"$nodes/node$node/meminfo"
	done
	[ $# -eq 0 ] || ln -s /proc/self/numa_maps machine/proc/self/numa_maps
	export DMABENCH_SYSROOT=$PWD/machine
}

@test "what can be neither bound nor looked up is skipped, and the reason names both calls" {
	two_nodes
	expect 3 "$refuse" "${placing[@]}" -- "$dmabench" run --path memcpy,cow-private,mremap --size 64K \
		--src-node 0,1000 --dst-node 0 "${fast[@]}" -o r.json
	jq -e '[.cases[] | select(.path == "memcpy")] | length == 2' r.json
	jq -e 'all(.cases[]; .status == "skipped")' r.json
	jq -e 'all(.cases[] | select(.path != "mremap" or .params.src_node == 0).reason;
		contains("mbind: Operation not permitted") and contains("move_pages: Operation not permitted"))' r.json
}

@test "what lies where it was asked for without being bound is seen in numa_maps" {
	[ -r /proc/self/numa_maps ] || skip "a kernel without NUMA"
	[ "$("$dmabench" list --json | jq ".nodes | length")" -eq 1 ] || skip "its pages may lie on another node"
	two_nodes numa_maps
	expect 0 "$refuse" "${placing[@]}" -- "$dmabench" run --path memcpy,cow-private --size 64K \
		--src-node 0,1000 --dst-node 0 "${fast[@]}" -o r.json
	jq -e 'all(.cases[] | select(.params.src_node == 0); .status == "ok" and
		all(.launches[].placement.src; . == [{"node": 0, "pages": 16}]))' r.json
	jq -e 'all(.cases[] | select(.params.src_node == 1000); .status == "skipped" and
		(.reason | contains("node 1000: mbind: Operation not permitted")))' r.json
}

@test "what is bound but can't be looked up is skipped" {
	two_nodes
	expect 3 "$refuse" move_pages -- "$dmabench" run --path memcpy --size 64K --src-node 0 --dst-node 0 \
		"${fast[@]}" -o r.json
	jq -e '.cases[0].reason | contains("move_pages: Operation not permitted")' r.json
}

@test "with one node there is nothing to bind or look up" {
	mkdir -p machine/sys/devices/system/node/node0
	echo 0 | tee machine/sys/devices/system/node/{online,has_memory}
	echo 0-8191 >machine/sys/devices/system/node/node0/cpulist
	printf 'Node 0 MemTotal: 9000000 kB\nNode 0 MemFree: 9000000 kB\n' >machine/sys/devices/system/node/node0/meminfo
	export DMABENCH_SYSROOT=$PWD/machine
	expect 0 "$refuse" "${placing[@]}" -- "$dmabench" run --path memcpy,cow-private,mremap --size 64K "${fast[@]}" -o r.json
	jq -e 'all(.cases[]; .status == "ok")' r.json
}

@test "a node that the kernel doesn't have: the kernel's answer, not another node" {
	two_nodes
	expect 3 "$dmabench" run --path memcpy --size 64K --src-node 1000 --dst-node 0 "${fast[@]}" -o r.json
	jq -e '.cases[0] | .status == "skipped" and (.reason | contains("mbind: "))' r.json
}

@test "usable CPUs come from elsewhere when asking is refused; being refused a CPU is named" {
	expect 0 "$refuse" sched_getaffinity -- "$dmabench" run --path memcpy --size 64K "${fast[@]}"
	expect 3 "$refuse" sched_setaffinity -- "$dmabench" run --path memcpy --size 64K "${fast[@]}" -o r.json
	jq -e '.cases[0].reason | contains("sched_setaffinity: Operation not permitted")' r.json
}

@test "a refused memfd or counter is named, not called missing" {
	expect 3 "$refuse" memfd_create -- "$dmabench" run --path cow-private,shared --size 64K "${fast[@]}" -o r.json
	jq -e '.cases | length == 2 and all(.reason | contains("memfd_create: Operation not permitted"))' r.json
	mkdir -p machine/proc/sys/kernel
	echo 1 >machine/proc/sys/kernel/perf_event_paranoid
	expect 0 env DMABENCH_SYSROOT="$PWD/machine" "$refuse" perf_event_open -- \
		"$dmabench" run --path memcpy --size 64K "${fast[@]}" -o e.json
	jq -e '.cases[0].events | [.. | .reason? // empty] | length > 0 and
		all(contains("perf_event_open: Operation not permitted"))' e.json
}

@test "CPU time that can't be asked for is no figure" {
	expect 0 "$refuse" getrusage -- "$dmabench" run --path memcpy --size 64K "${fast[@]}" --cpu-ms 5 -o r.json
	jq -e '.cases[0].cpu | [.caller, .machine, .left] | all(.value == null and
		.reason == "this process'"'"'s CPU time can'"'"'t be seen: Operation not permitted")' r.json
}

@test "pages that may not be moved: the call and the kernel's answer" {
	expect 3 "$refuse" mremap -- "$dmabench" run --path mremap --size 64K "${fast[@]}" -o r.json
	jq -e '.cases[0].reason | contains("mremap: Operation not permitted")' r.json
}

@test "a move that can't be looked at afterwards is skipped: nothing was seen to be wrong" {
	expect 3 "$refuse" mincore -- "$dmabench" run --path mremap,uffd-move --size 64K "${fast[@]}" -o r.json
	jq -e 'all(.cases[]; .status == "skipped")
		and (.cases[] | select(.path == "mremap") | .reason | contains("mincore: Operation not permitted"))' r.json
}

@test "pages that may not be moved to another node, and a node that isn't there" {
	two_nodes
	expect 3 "$refuse" move_pages -- "$dmabench" run --path migrate --size 64K --src-node 0 --dst-node 1000 \
		"${fast[@]}" -o r.json
	jq -e '.cases[0].reason | contains("move_pages: Operation not permitted")' r.json
	expect 3 "$dmabench" run --path migrate --size 64K --src-node 0 --dst-node 1000 "${fast[@]}" -o n.json
	jq -e '.cases[0] | .status == "skipped" and (.reason | contains("node 1000: mbind: "))' n.json
}

@test "another process that may not be read: the call and the kernel's answer" {
	expect 3 "$refuse" process_vm_readv -- "$dmabench" run --path process-vm --size 64K "${fast[@]}" -o r.json
	jq -e '.cases[0].reason | contains("process_vm_readv: Operation not permitted")' r.json
}

@test "a refused vmsplice is named, and so is what bounds a pipe" {
	expect 3 "$refuse" vmsplice -- "$dmabench" run --path splice --size 64K "${fast[@]}" -o r.json
	jq -e '.cases[0].reason | contains("vmsplice: Operation not permitted")' r.json
	local bounded=(setpriv --bounding-set=-sys_resource --inh-caps=-all)
	"${bounded[@]}" true || skip "capabilities can't be given up here"
	[ "$(cat /proc/sys/fs/pipe-max-size)" -lt 67108864 ] || skip "pipes may be large here"
	expect 3 "${bounded[@]}" "$dmabench" run --path splice --size 64M "${fast[@]}" -o s.json
	jq -e '.cases[0].reason | contains("Operation not permitted (fs.pipe-max-size")' s.json
}

# Before Linux 6.8 the kernel's own answer comes first.
@test "a refused userfaultfd: who refuses, and what isn't needed for it" {
	[ "$("$dmabench" list --json | jq '.paths[] | select(.name == "uffd-move").usable')" = true ] ||
		skip "no UFFDIO_MOVE here"
	expect 3 "$refuse" userfaultfd -- "$dmabench" run --path uffd-move --size 64K "${fast[@]}" -o r.json
	jq -e '.cases[0].reason | contains("userfaultfd: Operation not permitted (what is asked for needs no privilege")' r.json
	expect 0 "$refuse" userfaultfd -- "$dmabench" list --json
	jq -e '.paths[] | select(.name == "uffd-move") | .usable == false and (.reason | contains("filter of system calls"))' stdout
}

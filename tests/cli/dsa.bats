#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Paths over DSA's work queues, with a stand-in for the device: each way that work goes there,
# each fault that a device may show, and each reason why one can't be had.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers
load dsa_queues

setup_file() {
	[ "$(uname -m)" = x86_64 ] || skip "DSA is a device of x86-64 machines"
	build_queues
}

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR" || return
	fast=(--launches 2 --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --state-ms 0 --event-ms 0)
	once=(--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --state-ms 0 --event-ms 0)
	device 0 0
	queue wq0.0 dedicated
	stand_in
}

# measured FAULTS -- ARGUMENTS: r.json, each case ok.
measured() {
	local faults=()
	while [ "$1" != -- ]; do
		faults+=("$1")
		shift
	done
	shift
	expect 0 emulated "${faults[@]}" -- "$dmabench" run "$@" -o r.json --force
	jq -e 'all(.cases[]; .status == "ok" and .verified_bytes > 0)' r.json
}

# fails TEXT FAULTS -- ARGUMENTS: a case that failed with this reason, and no figure.
fails() {
	local text=$1 faults=()
	shift
	while [ "$1" != -- ]; do
		faults+=("$1")
		shift
	done
	shift
	expect 1 emulated "${faults[@]}" -- "$dmabench" run "$@" -o r.json --force
	jq -e --arg text "$text" 'any(.cases[]; .status == "failed" and (.reason | contains($text))
		and (has("time") or has("throughput") | not))' r.json || {
		jq .cases[].reason r.json
		return 1
	}
}

# skipped TEXT ARGUMENTS: for this reason.
skipped() {
	local text=$1
	shift
	expect 3 "$dmabench" run --size 4K "${once[@]}" "$@" -o r.json --force
	jq -e --arg text "$text" '.cases | length > 0 and all(.[];
		.status == "skipped" and (.reason | contains($text)))' r.json || {
		jq .cases[].reason r.json
		return 1
	}
}

@test "write() to a FIFO: verified by each path and size, and the engine is emulated in every output" {
	fifo wq0.0
	measured -- --path dsa,dsa-async --size 1,4K,64K,100001 "${fast[@]}" \
		--and --path dsa-batch --size 16,64K --batch 0,1,2 --offset 1 --ids
	"$top/tests/fixtures/validate.py" "$top/results/result.schema.json" r.json
	jq -e 'all(.cases[]; .engine.kind == "emulated" and .engine.driver == "idxd-write"
		and .engine.name == "wq0.0" and .engine.device == "dsa0" and .engine.node == 0
		and .variant.name == "write")' r.json
	jq -e '.environments[0].engines[] | select(.name == "wq0.0") | .kind == "emulated" and .usable
		and .mode == "dedicated" and .room == 16 and .max_batch == 8 and .max_len == 32768' r.json
	[ "$(grep -c '(emulated engine)' stdout)" -eq "$(jq '.cases | length' r.json)" ]
	emulated -- "$dmabench" list >list.txt
	grep -q '^  wq0.0 *emulated ' list.txt
	"$dmabench" table r.json | grep -c '	idxd-write	emulated	ok	'
}

@test "a portal that is mapped: verified, and another figure than write()'s" {
	portal wq0.0
	measured -- --path dsa,dsa-async --size 1,4K,100001 "${fast[@]}" \
		--and --path dsa-batch --size 64K --batch 2,16
	jq -e 'all(.cases[]; .engine.kind == "emulated" and .engine.driver == "idxd-movdir64b"
		and .variant.name == "movdir64b")' r.json
	cp r.json portal.json
	rm dev/wq0.0
	fifo wq0.0
	measured -- --path dsa,dsa-async --size 1,4K,100001 "${fast[@]}" \
		--and --path dsa-batch --size 64K --batch 2,16
	status=0
	"$dmabench" compare portal.json r.json >stdout 2>stderr || status=$?
	[ "$status" -eq 4 ]
	grep -q 'idxd-movdir64b' stdout stderr
}

@test "what is in flight is never more than the queue has room for, nor longer than it takes" {
	fifo wq0.0
	echo 4 >sys/wq0.0/size
	measured hold=30 -- --path dsa-async --size 64K --depth 0,4,1 --chunk 4K "${once[@]}" --budget-ms 1
	[ "$(counted most)" -eq 4 ]
	[ "$(counted largest)" -eq 4096 ]
	measured hold=30 -- --path dsa --size 100001 "${once[@]}" --budget-ms 1
	[ "$(counted most)" -eq 1 ]
	[ "$(counted largest)" -eq 32768 ]
	jq -e '.cases[0].submissions.descriptors == 4' r.json
	measured hold=30 -- --path dsa-batch --size 64K --batch 64 "${once[@]}" --budget-ms 1
	[ "$(counted most)" -eq 4 ]
	[ "$(counted longest_list)" -eq 8 ]
	skipped "takes 4 descriptors at a time, not 5" --path dsa-async --depth 5
	echo 1 >sys/wq0.0/size
	measured hold=5 -- --path dsa,dsa-async,dsa-batch --size 64K "${once[@]}" --budget-ms 1
	[ "$(counted most)" -eq 1 ]
}

@test "the axes are flags of the descriptors, and options that say so" {
	fifo wq0.0
	measured -- --path dsa --size 4K --cc memory "${once[@]}"
	[ "$(counted with_cc)" -eq 0 ]
	[ "$(counted with_bof)" -eq 0 ]
	measured -- --path dsa --size 4K --cc cache --dsa-fault block --dsa-wait yield "${once[@]}"
	[ "$(counted with_cc)" -eq "$(counted copies)" ]
	[ "$(counted with_bof)" -eq "$(counted copies)" ]
	measured -- --path dsa --size 4K --cc cache,memory --dsa-wait pause,yield --dsa-submit any,write "${once[@]}"
	[ "$(jq '.cases | length' r.json)" -eq 8 ]
	echo 0 >sys/wq0.0/block_on_fault
	emulated -- "$dmabench" run --path dsa --size 4K --dsa-fault block "${once[@]}" -o r.json --force || [ "$?" -eq 3 ]
	jq -e '.cases[0].reason | contains("block_on_fault")' r.json
}

@test "page faults: what is left is handed over again, wherever it stops, and they are counted" {
	fifo wq0.0
	for at in 0 1 63 64 2048 4095; do
		measured "fault-at=$at" -- --path dsa --size 4K "${once[@]}"
		jq -e '.cases[0].submissions.faults == 1' r.json
		measured "fault-at=$at" write -- --path dsa-async --size 16K --depth 4 "${once[@]}"
		jq -e '.cases[0].submissions.faults == 4' r.json
	done
	measured fault-every=1000 -- --path dsa,dsa-async --size 4K "${once[@]}"
	jq -e 'all(.cases[]; .submissions.faults == 4)' r.json
	measured fault-every=1000 backwards -- --path dsa --size 4K "${once[@]}"
	jq -e '.cases[0].submissions.faults == 4' r.json
	measured zero=16 -- --path dsa --size 4K "${once[@]}"
}

@test "a page fault that nothing helps against, or that can't be true, fails the case" {
	fifo wq0.0
	fails "comes again" zero=1000 -- --path dsa --size 4K "${once[@]}"
	fails "after as many bytes as there are" fault-every=1000 lie -- --path dsa --size 4K "${once[@]}"
}

@test "lists: copies that fail in one, a list that can't be read on, and one that says nothing" {
	fifo wq0.0
	batch=(--path dsa-batch --size 64K --batch 16 "${once[@]}")
	for nth in 1 4 8; do
		measured "list-fails=$nth" -- "${batch[@]}"
		jq -e '.cases[0].submissions.faults == 2' r.json
	done
	measured list-faults=3 -- "${batch[@]}"
	jq -e '.cases[0].submissions.faults == 2' r.json
	fails "none of its copies says why" list-silent -- "${batch[@]}"
	fails "more bytes than the queue takes" status=0x13@3 -- "${batch[@]}"
}

@test "a status that says no fails the case in words" {
	fifo wq0.0
	fails "0x13: more bytes than the queue takes" status=0x13@2 -- --path dsa --size 4K "${once[@]}"
	fails "0x11: flags it doesn't have" status=0x11@2 -- --path dsa-async --size 64K "${once[@]}"
	fails "0x3f: a status of no known meaning" status=0x3f@1 -- --path dsa --size 4K "${once[@]}"
}

@test "a copy that lacks a byte and says success is caught by the check" {
	fifo wq0.0
	fails "verification" short=1 -- --path dsa --size 4K "${once[@]}"
	fails "verification" short=7 -- --path dsa-async --size 64K "${once[@]}"
}

@test "a record that never comes is a failed case, not a hang, and the queue gets nothing more" {
	fifo wq0.0
	stand_in 300
	fails "no completion record within 0.3 s" never=2 -- --path dsa --size 4K "${once[@]}"
	[ "$(counted copies)" -eq 2 ]
	fails "no completion record" never=3 -- --path dsa-async --size 256K --depth 2 --chunk 4K "${once[@]}"
	# One more was in flight already.
	[ "$(counted copies)" -le 4 ]
	# Other cases of the queue don't wait as long.
	fails "no completion record" never=1 -- --path dsa,dsa-async --size 4K,64K "${once[@]}"
	jq -e '([.cases[] | select(.status == "failed")] | length == 1) and ([.cases[] | select(.status == "skipped")
		| .reason | contains("wq0.0 didn'\''t answer in another case")] | length == 3 and all)' r.json
	fails "no completion record" never=20 -- --path dsa-batch --size 64K --batch 64 "${once[@]}"
}

@test "a record that comes too late is written to memory that is still there" {
	fifo wq0.0
	stand_in 100
	fails "no completion record" late=400@2 -- --path dsa --size 4K "${once[@]}"
	jq -e '.cases[0].reason | contains("signal") | not' r.json
}

@test "a queue that vanishes fails the case, by no signal" {
	fifo wq0.0
	stand_in 300
	fails "the queue is gone" gone=1 -- --path dsa --size 4K "${once[@]}"
	fails "wq0.0" gone=20 -- --path dsa-async --size 256K --chunk 4K "${once[@]}"
}

@test "write() that is refused, takes a part, or has no room at times" {
	fifo wq0.0
	run_it() {
		refusing "$1" "$BATS_FILE_TMPDIR/emulator" dev -- "$dmabench" run --path dsa-async --size 64K \
			"${once[@]}" -o r.json --force
	}
	expect 0 run_it "write=11*5"
	jq -e '.cases[0] | .status == "ok" and .submissions.retries >= 0' r.json
	expect 0 run_it one
	jq -e '.cases[0] | .status == "ok" and .submissions.retries >= 15' r.json
	stand_in 200
	expect 1 run_it write=11
	jq -e '.cases[0].reason | contains("no room for too long")' r.json
	for case in 1:"opened by another process" 22:"refuses this kind of work" 19:"is gone"; do
		expect 1 run_it "write=${case%%:*}"
		jq -e --arg text "${case#*:}" '.cases[0].reason | contains($text)' r.json
	done
	expect 1 run_it short
	jq -e '.cases[0] | .status == "failed"' r.json
}

@test "each reason why there is no queue is said in words" {
	fifo wq0.0
	skipped 'no usable DSA queue "wq3.1" among the 1' --path dsa --dsa-queue wq3.1
	skipped "is gone" --path dsa # nobody reads the FIFO
	rm dev/wq0.0
	skipped "there is no such node" --path dsa
	: >dev/wq0.0
	for case in 13:"no right to open it" 16:"a dedicated queue is one process's" 1:"not permitted" \
		95:"shared virtual memory"; do
		expect 3 refusing "open=${case%%:*}" "$dmabench" run --path dsa --size 4K "${once[@]}" -o r.json --force
		jq -e --arg text "${case#*:}" '.cases[0].reason | contains($text)' r.json
	done
	expect 3 refusing mmap=1 "$dmabench" run --path dsa --size 4K --dsa-submit portal "${once[@]}" -o r.json --force
	jq -e '.cases[0].reason | contains("CAP_SYS_RAWIO") and contains("INTEL-SA-01084")' r.json
	rm dev/wq0.0
	fifo wq0.0
	for case in 22:"takes no work by write()" 1:"opened by another process"; do
		expect 3 refusing "empty,write=${case%%:*}" "$BATS_FILE_TMPDIR/emulator" dev -- "$dmabench" run \
			--path dsa --size 4K "${once[@]}" -o r.json --force
		jq -e --arg text "${case#*:}" '.cases[0].reason | contains($text)' r.json
	done
	echo kernel >sys/wq0.0/type
	skipped "no DSA queue of type user among the 1" --path dsa
	echo user >sys/wq0.0/type
	echo disabled >sys/wq0.0/state
	skipped "it is disabled, not enabled" --path dsa
	echo 0x80110000 >sys/dsa0/cmd_status
	skipped "intel_iommu=on,sm_on" --path dsa,dsa-async,dsa-batch
	echo 0 >sys/dsa0/cmd_status
	echo 0 >sys/dsa0/pasid_enabled
	skipped "intel_iommu=on,sm_on" --path dsa
	rm -r sys/wq0.0
	skipped "no DSA device" --path dsa
	rm -r sys
	skipped "no DSA device" --path dsa
}

@test "a CPU without the instruction: said, unless write() will do" {
	portal wq0.0
	unset DMABENCH_DSA_STORE
	if grep -qw movdir64b /proc/cpuinfo; then
		measured -- --path dsa,dsa-async --size 4K "${once[@]}"
	else
		skipped "this CPU has no MOVDIR64B" --path dsa
	fi
	echo shared >sys/wq0.0/mode
	skipped "can't be stood in for" --path dsa
	grep -qw waitpkg /proc/cpuinfo || {
		rm dev/wq0.0
		fifo wq0.0
		expect 3 emulated -- "$dmabench" run --path dsa --size 4K --dsa-wait umwait "${once[@]}" -o r.json --force
		jq -e '.cases[0].reason | contains("umwait")' r.json
	}
}

@test "no lists where the queue takes none" {
	fifo wq0.0
	echo 00000000,00000000,00000000,00000000,00000000,00000000,00000001,003f03fd >sys/dsa0/op_cap
	expect 3 emulated -- "$dmabench" run --path dsa-batch --size 64K "${once[@]}" -o r.json --force
	jq -e '.cases[0].reason | contains("takes no lists") and contains("op_cap")' r.json
	emulated -- "$dmabench" list | grep -q 'wq0.0.*no lists'
	# Before Linux 6.0 it was numbers, the lowest first.
	echo 0x10003f03ff 0 0 0x0 >sys/dsa0/op_cap
	measured -- --path dsa-batch --size 64K "${once[@]}"
	echo 1 >sys/wq0.0/max_batch_size
	expect 3 emulated -- "$dmabench" run --path dsa-batch --size 64K "${once[@]}" -o r.json --force
	jq -e '.cases[0].reason | contains("max_batch_size")' r.json
}

@test "a dedicated queue is one process's: the second is told" {
	fifo wq0.0
	cat >two <<-'END'
		"$1" run --path dsa --size 4K --launches 1 --samples 64 --sample-ms 10 --budget-ms 3000 --cpu-ms 0 \
			--state-ms 0 -o first.json &
		inode=$(stat -c %i dev/wq0.0)
		# The launch has it; it is held there until the second was refused.
		for ((tries = 0; tries < 300; tries++)); do
			[ ! -e first.json ] || holder=$(awk -v inode=":$inode" '$2 == "FLOCK" && index($6, inode) { print $5; exit }' /proc/locks)
			[ -z "$holder" ] || break
			sleep 0.1
		done
		kill -STOP "$holder"
		"$1" run --path dsa --size 4K --launches 1 --state-ms 0 -o second.json
		kill -CONT "$holder"
		wait
	END
	expect 0 refusing dedicated "$BATS_FILE_TMPDIR/emulator" dev -- bash two "$dmabench"
	jq -e '.cases[0] | .status == "skipped" and (.reason | contains("one process"))' second.json
	jq -e '.cases[0].status == "ok"' first.json
}

@test "queues of several nodes: labels keep to one, and a NUMA matrix has one of each" {
	fifo wq0.0
	device 1 -1
	queue wq1.0 shared
	queue wq1.3 shared
	fifo wq1.0
	fifo wq1.3
	emulated -- "$dmabench" list --json >list.json
	jq -e '[.engines[] | {name, node, mode}] == [{name: "wq0.0", node: 0, mode: "dedicated"},
		{name: "wq1.0", node: -1, mode: "shared"}, {name: "wq1.3", node: -1, mode: "shared"}]' list.json
	measured -- --path dsa --size 4K --dsa-queue any,wq1.3,dsa1,any/near "${once[@]}"
	jq -e '[.cases[].engine.name] == ["wq0.0","wq1.3","wq1.0","wq0.0"]' r.json
	emulated -- "$dmabench" run --path dsa --size 4K --numa-matrix --dry-run >plan
	grep -q 'dsa_queue=wq0.0' plan
	grep -q 'dsa_queue=wq1.0' plan
	run ! grep -q 'dsa_queue=wq1.3' plan
}

@test "bad queues and words are refused before anything runs" {
	for arguments in "--dsa-queue ,x" "--dsa-queue a,a" "--dsa-queue x/99" "--dsa-wait spin" "--cc llc" \
		"--dsa-submit mmap" "--dsa-fault ignore"; do
		# shellcheck disable=SC2086
		expect 2 "$dmabench" run --path dsa $arguments
		[ "$(wc -l <stderr)" -eq 1 ]
		[ ! -s stdout ]
	done
}

@test "report, pictures, crossover and answer know the paths, and never as hardware" {
	fifo wq0.0
	measured -- --path memcpy,dsa,dsa-async,dsa-batch --size 4K,64K --launches 2 --samples 2 --sample-ms 0 \
		--cpu-ms 20 --calibrate-ms 10 --state-ms 0
	jq -e 'all(.cases[]; .cpu.left.value != null or (.cpu.left.reason | length > 0))' r.json
	mkdir out
	expect 0 "$top/scripts/plot.sh" r.json out/plots
	expect 0 "$top/scripts/report.sh" r.json out
	grep -q '#### DSA: the CPU, a kernel queue, a user queue' out/report.md
	grep -q 'dsa-batch · idxd-write (emulated)' out/report.md
	run ! grep -q 'idxd-write (hardware)' out/report.md
	grep -q 'idxd-write (emulated)' out/plots/throughput-host.svg
	"$dmabench" answer r.json >answer.txt
	run ! grep -qE 'dsa.* (fastest|best)' answer.txt
	# Which of them is faster is nobody's word here.
	status=0
	emulated -- "$dmabench" crossover --path memcpy,dsa --size 4K,64K --launches 8 --samples 1 --sample-ms 0 \
		-o crossover.json || status=$?
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	jq -e '.second.engine.kind == "emulated"' crossover.json
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root, run_tap and tap_result are
# those of scripts/test.sh and guest.sh
#
# The asynchronous paths of the harness: on the software engine, and on the emulated one
# behind a strict IOMMU, where a buffer serves one copy at a time.

async_runs='
	once="--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --event-ms 0 --state-ms 0"
	paths=pinned-async,registered-async
	build/dmabench run $once --path $paths --engine dmabench_sim --size 1,4097,1000001 --offset 0,4095 \
		--depth 0,1,256 --chunk 0,8K --wait interrupt,poll -o $DMABENCH_OUT/sim.json || exit 11
	build/dmabench run $once --path $paths --engine dmabench_edu --size 1,9001 --offset 1 --depth 0,2 \
		-o $DMABENCH_OUT/edu.json || exit 12
	build/dmabench run $once --path registered-async --engine dmabench_sim --size 64K --depth 256 \
		--and --path registered-async --engine dmabench_sim --size 64K --depth 257 \
		--and --path registered-async --engine dmabench_sim --size 64K --chunk 1 \
		-o $DMABENCH_OUT/lacking.json || exit 13'

# How much of the time a poller could work is a matter of time, and time means nothing here: it is
# left out where the unit of work takes none, and may be 0.
asynchronous() {
	local status=0 kernel=$1
	"$root/scripts/vm.sh" --kernel "$kernel" --iommu strict --warp --out "$out" \
		--insmod "dmabench $edu dmabench_sim" -- sh -c "$async_runs" >&2 || status=$?
	echo 1..6
	tap_result 1 "the runs in the guest ended with 0" [ "$status" -eq 0 ]
	tap_result 2 "every size, offset, depth, copy size and way to wait is verified" jq -e '
		.cases | length == 2 * 3 * 2 * 3 * 2 * 2 and all(.status == "ok" and .verified_bytes > 0)' "$out/sim.json"
	tap_result 3 "and so it is through the IOMMU" jq -e '.cases | length == 2 * 2 * 2
		and all(.status == "ok" and .engine.iommu == "strict" and .verified_bytes > 0)' "$out/edu.json"
	tap_result 4 "a depth above the most, and too many copies, are skipped and say so" jq -e '
		[.cases[] | [.status, .reason]] == [["ok", null],
		["skipped", "at most 256 copies can be in flight, not 257"],
		["skipped", "65536 copies of 1 bytes, more than 500: ask for a larger --chunk"]]' "$out/lacking.json"
	tap_result 5 "who polls says how much of the time it worked, who sleeps doesn't" jq -e '
		all(.cases[]; if .params.wait == "poll" then .meanwhile == null or .meanwhile.value >= 0
			else has("meanwhile") | not end)
		and any(.cases[]; .meanwhile != null)' "$out/sim.json"
	tap_result 6 "the results fit the schema" /usr/bin/python3 "$root/tests/fixtures/validate.py" \
		"$root/results/result.schema.json" "$out/sim.json" "$out/edu.json" "$out/lacking.json"
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root, run_tap and tap_result are
# those of scripts/test.sh and guest.sh
#
# Several engines and batches: a copy shared among channels, engines chosen by name and node, and what is
# said of those that aren't there, aren't enough, or go away in the middle of a run.

# The harness in the guest, several times; what it wrote is judged outside. What is read while it
# is written stays in memory until then (docs/guest.md).
engines_runs='
	once="--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --event-ms 0 --state-ms 0"
	build/dmabench list >$DMABENCH_OUT/list.txt || exit 11
	build/dmabench run $once --path registered --size 4097 --engine all \
		--and --path pinned --size 4K --engine dmabench_sim/near -o $DMABENCH_OUT/all.json || exit 12
	build/dmabench run $once --path pinned-mt,registered-mt --engine dmabench_sim \
		--size 1,4097,1000001 --offset 4095 --channels 0,1,3 --threads 0,5 --wait interrupt,poll \
		-o $DMABENCH_OUT/shared.json || exit 13
	build/dmabench run $once --path registered-mt --size 64K --engine dmabench_sim \
		--channels 2 --threads 1,2 --depth 1,4 --and --path pinned-mt --size 64K \
		--engine nosuch,dmabench_sim,dmabench_sim/0 --channels 4 -o $DMABENCH_OUT/lacking.json || exit 14
	build/dmabench run $once --path batch,memcpy-batch --size 48K --batch 0,1,3,1536 \
		--offset 0,4095 --engine dmabench_sim --depth 0,1 --wait interrupt,poll \
		--and --path batch --size 4095 --batch 2 -o $DMABENCH_OUT/batch.json || exit 16
	build/dmabench copy --path pinned --size 4097 --count 3 || exit 15
	build/dmabench run $once --path pinned,registered,coherent,engine,batch,pinned-mt --size 4096,1000000 \
		--use read,write+read --engine dmabench_sim --and --path pinned,registered,coherent,batch --size 64K \
		--use none,write+read --touch fresh --engine dmabench_sim -o $DMABENCH_OUT/used.json || exit 17
	build/dmabench run $once --path pinned-mt,registered-mt --engine dmabench_sim --direction both \
		--size 2,4097,1000001 --offset 4095 --channels 0,1,2 --threads 0,4 --wait interrupt,poll \
		--and --path pinned,batch --size 4K --engine dmabench_sim --direction both \
		--and --path pinned-mt --size 4K --engine dmabench_sim --threads 1,3 --channels 1 --direction both \
		-o $DMABENCH_OUT/both.json || exit 18
	echo 0 >/sys/module/dmabench_sim/parameters/fault_count
	echo mute >/sys/module/dmabench_sim/parameters/fault
	build/dmabench run $once --path pinned,registered,coherent,engine --size 4097 --wait interrupt,poll \
		-o $DMABENCH_OUT/mute.json
	build/dmabench run $once --path pinned,registered,coherent --size 4097 --use write+read -o $DMABENCH_OUT/mute_used.json
	build/dmabench run $once --path pinned-mt,registered-mt --size 4097 --direction both --engine dmabench_sim \
		-o $DMABENCH_OUT/mute_both.json
	echo none >/sys/module/dmabench_sim/parameters/fault
	build/dmabench run $once --launches 1000 --path registered-mt --size 64K --engine dmabench_sim \
		-o /tmp/gone.json &
	while kill -0 $! && ! grep -qs samples_ns_per_op /tmp/gone.json; do sleep 0.1; done
	echo dmabench_sim >/sys/bus/platform/drivers/dmabench_sim/unbind
	wait $!
	cp /tmp/gone.json $DMABENCH_OUT/'

several_engines() {
	local status=0 kernel=$1
	"$root/scripts/vm.sh" --kernel "$kernel" --smp 2 --out "$out" \
		--insmod "dmabench dmabench_sim:channels=3" -- sh -c "$engines_runs" >&2 || status=$?
	echo 1..19
	tap_result 1 "the runs in the guest ended with 0" [ "$status" -eq 0 ]
	tap_result 2 "list tells driver, device, node, IOMMU and limits of each channel" grep -Eq \
		'^  dma0chan2 +software +dmabench_sim at dmabench_sim, node -1, IOMMU none, 64 address bits, at most 4194304 bytes a descriptor \(provider\), multiples of 1 \(DMA API\), coherent memory cached$' \
		"$out/list.txt"
	tap_result 3 "all is every channel, each a case; near is one of them" jq -e '
		([.cases[] | select(.path == "registered" and .status == "ok")] |
		[.[].params.engine] == ["dma0chan0", "dma0chan1", "dma0chan2"] and all(.params.engine == .engine.name))
		and (.cases[] | select(.path == "pinned") | .status == "ok" and .engine.driver == "dmabench_sim")' \
		"$out/all.json"
	tap_result 4 "shares of every size, offset, number of threads and channels are verified" jq -e '
		[.cases[] | select(.status == "ok")] | length == 2 * 3 * 3 * 2 * 2 and all(.verified_bytes > 0)' \
		"$out/shared.json"
	tap_result 5 "the channels of a copy are recorded" jq -e '[.cases[] | select(.status == "ok")]
		| all(.engine.kind == "software" and (.engine.channels | unique | length) ==
		(if .params.channels == 0 then 3 else .params.channels end))' "$out/shared.json"
	tap_result 6 "fewer threads than channels, an unknown engine and too few channels are skipped, and say so" \
		jq -e '[.cases[] | select(.status != "ok")] | all(.status == "skipped" and (has("time") | not))
		and ([.[].reason] | sort | unique) == [
		"\"dmabench_sim\" has 3 usable channels, not 4",
		"1 threads for 2 channels: each waits for one of them",
		"no usable engine \"dmabench_sim/0\" among the 3 listed",
		"no usable engine \"nosuch\" among the 3 listed"]' "$out/lacking.json"
	tap_result 7 "threads x channels x depth are axes" jq -e '[.cases[] | select(.status == "ok").params
		| [.threads, .channels, .depth]] == [[2, 2, 1], [2, 2, 4]]' "$out/lacking.json"
	tap_result 8 "an engine that goes away in between: no figure, and why" jq -e '.cases[0]
		| .status != "ok" and (has("time") | not) and (.reason | test("No such device|no DMA engine|no usable engine"))' \
		"$out/gone.json"
	tap_result 9 "the results fit the schema" /usr/bin/python3 "$root/tests/fixtures/validate.py" \
		"$root/results/result.schema.json" "$out/all.json" "$out/shared.json" "$out/lacking.json" "$out/gone.json" \
		"$out/batch.json" "$out/used.json" "$out/mute_used.json" "$out/both.json" "$out/mute_both.json"
	tap_result 10 "batches of every size are verified, a descriptor for each copy at least" jq -e '
		[.cases[] | select(.status == "ok")] | length == 4 * 2 * (4 + 1) and all(.verified_bytes > 0)
		and all(.[] | select(.path == "batch"); .stages.descriptors >=
		(if .params.batch == 0 then 16 else .params.batch end))' "$out/batch.json"
	tap_result 11 "a size that can not be cut evenly is skipped, and says so" jq -e '
		[.cases[] | select(.status != "ok")] | length == 1 and .[0].status == "skipped"
		and .[0].reason == "4095 bytes aren'"'"'t 2 copies of the same size"' "$out/batch.json"
	tap_result 12 "a failure that the provider doesn't say is seen: no figure, and why" jq -e '.cases | length == 8
		and all(.status == "failed" and (has("time") | not) and (.reason | test("destination is wrong")))' \
		"$out/mute.json"
	tap_result 13 "who said an engine's limits is recorded" jq -e '.environments[0].engines | length == 3 and
		all(.said_by == { "max_len": "provider", "align": "default", "min_len": null, "room": null }
		and .stoppable and .behaviour == null)' "$out/all.json"
	tap_result 14 "the CPU writes and reads user pages and coherent mappings, and what it reads is right" jq -e '
		[.cases[] | select(.params.use != null and .params.touch == null)]
		| (map(select(.path != "engine")) | length == 5 * 2 * 2 and all(.status == "ok" and .use.operation > 0 and .use.read > 0
			and ((.use.write == null) == (.params.use == "read"))))
		and (map(select(.path == "engine")) | length == 4 and all(.status == "skipped" and (.reason | test("^--use "))))' \
		"$out/used.json"
	tap_result 15 "pages never touched before are pinned and written to; what is pinned beforehand is skipped" jq -e '
		[.cases[] | select(.params.touch == "fresh")]
		| (map(select(.path == "pinned")) | length == 2 and all(.status == "ok" and .fresh.pages == 16 and .fresh.faults >= 16))
		and (map(select(.path != "pinned")) | length == 6 and all(.status == "skipped" and (.reason | test("^--touch fresh: "))))' \
		"$out/used.json"
	tap_result 16 "a failure that the provider doesn't say is seen where the CPU reads" jq -e '.cases | length == 3
		and all(.status == "failed" and (.reason | test("the CPU read wrong bytes|is wrong at byte")))' "$out/mute_used.json"
	tap_result 17 "both directions at once are verified, by any number of threads and channels" jq -e '
		[.cases[] | select(.status == "ok")] | length == 2 * 3 * 3 * 2 * 2
		and all(.params.direction == "both" and .verified_bytes % .params.size == 0 and .verified_bytes > 0)' "$out/both.json"
	tap_result 18 "what has no threads, or an odd number, can not copy both ways, and says so" jq -e '
		[.cases[] | select(.status != "ok")] | length == 4
		and all(.status == "skipped" and (.reason | startswith("--direction both: ")))' "$out/both.json"
	tap_result 19 "a failure that the provider doesn't say is seen in both directions" jq -e '.cases | length == 2
		and all(.status == "failed" and (has("time") | not) and (.reason | test("destination is wrong")))' "$out/mute_both.json"
}

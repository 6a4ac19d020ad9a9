# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root, $edu, run_tap and tap_result are
# those of scripts/test.sh and guest.sh
#
# What a run of the harness in a guest brings back, over the driver's paths and the calls that are a
# copy's work without it.

# Every path of the harness on both engines, odd sizes and offsets, verified, with the
# IOMMU strict; judged by the result that came back.
harness_in_guest() {
	local kernel=$1 path engine n=0 status=0
	"$root/scripts/vm.sh" --kernel "$kernel" --iommu strict --warp --out "$out" \
		--insmod "dmabench $edu dmabench_sim" -- sh -c 'build/dmabench run "$@" \
		--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 -o "$DMABENCH_OUT/r.json"' sh \
		--path "$driver_paths" --engine dmabench_edu --size 1,4095,4097 --offset 0,1 \
		--and --path "$driver_paths" --engine dmabench_sim --size 1,4095,4097,1000001 \
		--offset 0,4095 --wait interrupt,poll \
		--and --path "$driver_paths" --engine dmabench_sim --size 300000 --depth 1,4 \
		--and --path engine,coherent --engine dmabench_sim --size 256K --chunk 4K --depth 32 \
		>&2 || status=$?
	echo 1..15
	tap_result 1 "the run in the guest ended with 0" [ "$status" -eq 0 ]
	n=1
	for path in ${driver_paths//,/ }; do
		for engine in edu sim; do
			n=$((n + 1))
			tap_result "$n" "$path on $engine: every odd size and offset is verified" \
				jq -e --arg path "$path" --arg engine "dmabench_$engine" '
				[.cases[] | select(.path == $path and .engine.driver == $engine)]
				| length >= 6 and all(.status == "ok" and .verified_bytes > 0)' "$out/r.json"
		done
	done
	tap_result 10 "emulated and software engines are called so, and the IOMMU is recorded" \
		jq -e 'all(.cases[]; (.engine.kind == "emulated" and .engine.driver == "dmabench_edu" and
			.engine.iommu == "strict") or (.engine.kind == "software" and
			.engine.driver == "dmabench_sim")) and .environments[0].platform == "vm-tcg"' "$out/r.json"
	tap_result 11 "every descriptor's latency is recorded, on both engines" jq -e '
		all(.cases[]; .descriptor_latency | .count >= 1 and .unrecorded == 0 and .p50 != null
			and .max > 0 and (.buckets | map(.[1]) | add) == .count and .per_op >= 1)
		and any(.cases[]; .engine.driver == "dmabench_edu" and .descriptor_latency.per_op > 1)' "$out/r.json"
	tap_result 12 "no more descriptors are in flight than were asked for" jq -e '
		[.cases[] | select(.params.depth > 0).descriptor_latency]
		| length >= 8 and all(.in_flight > 0 and .in_flight <= .depth)' "$out/r.json"
	tap_result 13 "the stages are of the samples alone" jq -e 'all(.cases[]; .stages.total > 0)
		and all(.cases[]; .latency.count == (.launches | map(.ops) | add))' "$out/r.json"
	tap_result 14 "with nothing to pin, many descriptors are in flight" jq -e '
		[.cases[] | select(.params.depth == 32).descriptor_latency]
		| length == 2 and all(.in_flight > 8 and .in_flight <= 32 and .per_op == 64)' "$out/r.json"
	tap_result 15 "the result fits the schema" /usr/bin/python3 "$root/tests/fixtures/validate.py" \
		"$root/results/result.schema.json" "$out/r.json"
}

# preparing_run NAME ENGINE VM-OPTIONS...: NAME.json, of the calls that are a copy's work without it.
preparing_run() {
	local name=$1 engine=$2
	shift 2
	"$root/scripts/vm.sh" "$@" --out "$out/$name" --insmod "dmabench dmabench_$engine" -- sh -c '
		build/dmabench run --path call-registered,call-pin-fresh,call-sync --engine "$1" --size 64K,1M \
			--pages 4K,thp --and --path memory-read,memory-write,coherent-read,coherent-write,coherent-out,call-pread \
			--engine "$1" --size 1,4095,1M --launches 1 --samples 2 --sample-ms 1 --cpu-ms 0 --state-ms 0 --event-ms 0 \
			-o "$DMABENCH_OUT/r.json"' sh "dmabench_$engine" >&2
}

# Bounce buffers must be synced; of memory whose caches the engine sees, nothing need be.
preparing_in_guest() {
	local kernel=$1 status=0
	preparing_run bounced sim --kernel "$kernel" --iommu off --append swiotlb=force || status=$?
	preparing_run direct sim --kernel "$kernel" || status=$?
	echo 1..7
	tap_result 1 "both runs ended with 0" [ "$status" -eq 0 ]
	tap_result 2 "every call was made, of 4K pages" jq -e -s 'all(.[]; [.cases[]
		| select(.params.pages == "4K" and .class == "call")]
		| length == 6 and all(.status == "ok" and .class == "call"))' "$out"/{bounced,direct}/r.json
	tap_result 3 "pinning, mapping and the way back have times of their own" jq -e -s 'all(.[].cases[]
		| select(.status == "ok" and (.path == "call-registered" or .path == "call-pin-fresh")).stages; .pin > 0 and .map > 0 and .unpin > 0
		and .sg_dst_pinned >= 1 and (.pin + .map + .unpin <= .total))' "$out"/{bounced,direct}/r.json
	tap_result 4 "a sync is two stages, and nothing else" jq -e -s 'all(.[].cases[]
		| select(.status == "ok" and .path == "call-sync").stages; .map > 0 and .unmap > 0 and .pin == 0
		and .unpin == 0)' "$out"/{bounced,direct}/r.json
	tap_result 5 "bounce buffers need it, else nothing does" jq -e -s 'map([.cases[]
		| select(.path == "call-sync" and .status == "ok").variant.name])
		| all(.[]; length >= 2) and all(.[0][]; . == "needed") and all(.[1][]; . == "not needed")' \
		"$out"/{bounced,direct}/r.json
	tap_result 6 "the result fits the schema" /usr/bin/python3 "$root/tests/fixtures/validate.py" \
		"$root/results/result.schema.json" "$out/bounced/r.json"
	tap_result 7 "ordinary and coherent memory is read, written and copied out of, and how it's mapped is said" jq -e -s '
		all(.[]; ([.cases[] | select(.class == "access")] | length == 15 and all(.status == "ok" and .verified_bytes > 0))
		and any(.environments[0].engines[]; .coherent_memory == "cached"))' "$out"/{bounced,direct}/r.json
}

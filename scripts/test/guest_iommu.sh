# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # guest shells and jq expand; $root, $edu, run_tap and tap_result
# are those of scripts/test.sh and guest.sh
#
# An engine behind an IOMMU, on any machine that has one: each way to use it, and addresses
# that it doesn't let pass.

# Those that depend on how the IOMMU maps what.
mapping_programs="test_copy test_times test_sharing test_coherent_user test_coherent_user_async"
# What the driver calls each mode, and what the kernel does.
declare -rA iommu_told=([strict]=strict [lazy]=lazy [pt]=identity [off]=none)
declare -rA iommu_type=([strict]=DMA [lazy]=DMA-FQ [pt]=identity [off]=none)

# Runs in the guest. $TESTS: the programs; the harness's arguments follow.
iommu_guest='
for test in $TESTS; do
	[ ! -e "build/tests/guest/$test" ] || "build/tests/guest/$test" || status=1
done
build/dmabench list >"$DMABENCH_OUT/list"
cat /sys/class/dma/dma0chan0/device/iommu_group/type >"$DMABENCH_OUT/type" ||
	echo none >"$DMABENCH_OUT/type"
build/dmabench run "$@" -o "$DMABENCH_OUT/r.json" >&2 || status=1
exit ${status-0}'

# edu_in_mode MODE "PROGRAMS" VM-OPTIONS...: the programs that could be built, every path of the
# harness, and what the driver says of the IOMMU against what the kernel does.
edu_in_mode() {
	local mode=$1 programs=$2 told=${iommu_told[$1]} status=0
	shift 2
	"$root/scripts/vm.sh" "$@" --iommu "$mode" --warp --out "$out" --insmod "dmabench $edu" \
		--env CMOCKA_MESSAGE_OUTPUT=TAP --env "TESTS=$programs" \
		--env DMABENCH_TEST_ENGINE_DRIVER=dmabench_edu -- sh -c "$iommu_guest" sh \
		--path "$driver_paths" --engine dmabench_edu --size 1,4097 --offset 1 \
		--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 || status=$?
	echo 1..4
	tap_result 1 "the kernel uses the IOMMU as asked: $mode" [ "$(<"$out/type")" = "${iommu_type[$mode]}" ]
	tap_result 2 "list tells how the IOMMU is used: $told" grep -Eq \
		"^  dma0chan0 .* dmabench_edu at .*, IOMMU $told( group [0-9]+)?," "$out/list"
	tap_result 3 "every path is verified, and its result tells the same" jq -e --arg told "$told" '
		(.cases | length == 8) and all(.cases[]; .status == "ok" and .verified_bytes > 0
		and .engine.iommu == $told)' "$out/r.json"
	tap_result 4 "the environment tells whether there is an IOMMU" jq -e --arg told "$told" '
		.environments[0].conditions.iommu == (if $told == "none" then "none" else "present" end)' \
		"$out/r.json"
	return "$status"
}

# What an IOMMU says of an address that it stopped. QEMU's SMMU has 52 bits of addresses: those
# beyond never come to it.
declare -rA iommu_faults=([q35]='DMAR:.*[Ff]ault' [virt]='arm-smmu-v3 .*: event 0x')
declare -rA broken_edu=([q35]=dmabench_edu:dma_bits=64 [virt]=dmabench_edu:dma_bits=40)

# broken_mapping_is_seen MACHINE: addresses that no mapping gave out. The IOMMU must stop them,
# and the check must see it.
broken_mapping_is_seen() {
	local faults=${iommu_faults[$1]} edu=${broken_edu[$1]} status=0 release
	release=$(release_of "$own_kernel" "${machine_arch[$1]}")
	"$root/scripts/vm.sh" --machine "$1" --iommu strict --warp --out "$out" --log "$out/serial" \
		--module-dir "$root/build/driver/$release-broken" --allow-warnings "$faults" \
		--insmod "dmabench $edu" -- sh -c 'build/dmabench run "$@" --launches 1 --samples 1 \
		--sample-ms 0 --cpu-ms 0 -o "$DMABENCH_OUT/r.json"' sh \
		--path "$driver_paths" --engine dmabench_edu --size 4095 >&2 || status=$?
	echo 1..3
	tap_result 1 "the run fails" [ "$status" -eq 1 ]
	tap_result 2 "every path's check sees it, and none has a figure" jq -e '
		(.cases | length == 4) and all(.cases[]; .status == "failed" and
		(.reason | contains("verification")) and (has("time") | not))' "$out/r.json"
	tap_result 3 "the IOMMU reports the faults" grep -qaE "$faults" "$out/serial"
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root, run_tap and tap_result are
# those of scripts/test.sh and guest.sh
#
# The driver on arm64: on the machine virt as on the q35, behind an SMMU instead of an Intel IOMMU;
# and on DMA engines whose drivers are the kernel's own, on two boards: zynqmp_dma
# with and without bounce buffers, and bcm2835-dma. One boot each runs the programs of tests/guest
# and then the harness: every path on every channel, by a caller on the first CPU and on another.

arm64_once=(--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0)

# Runs in the guest. $TESTS: the programs; $CASES: the harness's arguments. The channels are
# those that the driver lists for $DMABENCH_TEST_ENGINE_DRIVER.
arm64_guest='
status=0
for test in $TESTS; do
	"build/tests/guest/$test" || status=1
	echo "$test until $(cut -d " " -f 1 /proc/uptime)" >&2
done
for test in test_copy test_times test_sharing; do
	taskset 2 "build/tests/guest/$test" || status=1
done
build/dmabench list >"$DMABENCH_OUT/list"
channels=$(sed -n "s/^  \(dma[0-9]*chan[0-9]*\) .* $DMABENCH_TEST_ENGINE_DRIVER at .*/\1/p" "$DMABENCH_OUT/list" | tr "\n" ,)
for cpu in 0 1; do
	run="--path $DRIVER_PATHS --engine ${channels%,}"
	taskset $((1 << cpu)) build/dmabench run $run $FIRST --and $run $SECOND $ONCE \
		-o "$DMABENCH_OUT/cpu$cpu.json" >&2 || status=1
done
exit $status'

# arm64_boot OUT MACHINE ENGINE MODULES TESTS FIRST SECOND VM-OPTIONS...
arm64_boot() {
	local out=$1 machine=$2 engine=$3 modules=$4 tests=$5 first=$6 second=$7
	shift 7
	"$root/scripts/vm.sh" --machine "$machine" --out "$out" --log "$out.log" --insmod "$modules" \
		--env CMOCKA_MESSAGE_OUTPUT=TAP --env DMABENCH_TEST_ENGINE_DRIVER="$engine" \
		--env "TESTS=$tests" --env DRIVER_PATHS="$driver_paths" --env "ONCE=${arm64_once[*]}" \
		--env "FIRST=$first" --env "SECOND=$second" "$@" -- sh -c "$arm64_guest"
}

# arm64_result OUT CHANNELS SIZES: what the harness brought back, for each CPU. SIZES is a JSON
# list of those that the engine can do; others must be refused, with the reason.
arm64_result() {
	local out=$1 channels=$2 sizes=$3 cpu n=0
	echo 1..8
	for cpu in 0 1; do
		tap_result $((++n)) "CPU $cpu: every path on every one of $channels channels is verified" \
			jq -e --argjson channels "$channels" --argjson sizes "$sizes" '
			[.cases[] | select(.params.size | IN($sizes[]))]
			| all(.status == "ok" and .verified_bytes > 0)
			and ([.[] | [.path, .engine.name]] | unique | length == 4 * $channels)
			and length >= 4 * $channels * ($sizes | length)' "$out/cpu$cpu.json"
		tap_result $((++n)) "CPU $cpu: both ways of waiting" jq -e '
			[.cases[].params.wait] | unique == ["interrupt", "poll"]' "$out/cpu$cpu.json"
		tap_result $((++n)) "CPU $cpu: what the engine can't do is skipped, and says why" jq -e \
			--argjson sizes "$sizes" '[.cases[] | select(.params.size | IN($sizes[]) | not)]
			| all(.status == "skipped" and (.reason | test("multiples of [0-9]+ bytes only")))' \
			"$out/cpu$cpu.json"
		tap_result $((++n)) "CPU $cpu: the engines are called emulated" \
			jq -e 'all(.cases[]; .engine == null or .engine.kind == "emulated")' "$out/cpu$cpu.json"
	done
}

# Any length at any address.
arm64_zynqmp() { # TESTS VM-OPTIONS...
	local tests=$1 status=0
	shift
	arm64_boot "$out" versal xilinx-zynqmp-dma "dmabench zynqmp_dma $disk" "$tests" \
		"--size 4097 --offset 1 --wait interrupt,poll" "--size 1000001 --depth 0" "$@" || status=$?
	arm64_result "$out" 8 '[4097,1000001]'
	return "$status"
}

# One of its channels loses an interrupt, and is locked away.
arm64_wedged() {
	"$root/scripts/vm.sh" --machine versal --allow-warnings "module (dmabench|zynqmp_dma).* can't be removed" \
		--insmod "dmabench zynqmp_dma" --append iomem=relaxed --env CMOCKA_MESSAGE_OUTPUT=TAP \
		--env DMABENCH_TEST_ENGINE_DRIVER=xilinx-zynqmp-dma -- build/tests/guest/test_wedged
}

# Multiples of four bytes: others would hang QEMU's model for good. Only the table of providers says so.
arm64_bcm2835() {
	local status=0
	arm64_boot "$out" raspi3b bcm2835-dma "dmabench $disk" "$1" \
		"--size 4097,4100 --wait interrupt,poll" "--size 1000004 --depth 0" \
		--env DMABENCH_TEST_ALIGN=4 --append iomem=relaxed || status=$?
	arm64_result "$out" 11 '[4100,1000004]'
	return "$status"
}

# As scripts/dev/arm64.sh builds it, and one that maps wrongly on purpose.
prepare_arm64() {
	local kdir
	"$root/scripts/dev/arm64.sh" || return 1
	kdir=$("$root/scripts/kernel/headers.sh" "$own_kernel" arm64) || return 1
	# shellcheck disable=SC2086 # several words
	make -C "$root" -j"$(nproc)" driver KDIR="$kdir" ${arch_kbuild[arm64]} EDU_BREAK_MAPPING=1
}

# What takes long and has nothing to do with the architecture is left out.
virt_guests() {
	local iommu
	run_tap arm64/virt-edu every_program edu --machine virt "${edu_guest[@]}"
	run_tap arm64/virt-sim every_program sim --machine virt "${edu_guest[@]}" \
		--env "LEAVE_OUT=test_alias test_alias_ways test_batch_order test_cycles"
	run_tap arm64/virt-edu-strict edu_in_mode strict "" --machine virt
	for iommu in lazy pt off; do
		run_tap "arm64/virt-edu-$iommu" edu_in_mode "$iommu" "$mapping_programs" --machine virt
	done
	run_tap arm64/virt-broken-mapping broken_mapping_is_seen virt
}

suite_arm64() {
	local programs="test_align test_ioctl test_life test_limits test_memlock test_memory test_mmap"
	programs+=" test_alias test_alias_ways test_apart test_longterm test_coherent_user"
	run_tap arm64/vm bats --tap "$root/tests/arm64/vm.bats"
	run_tap arm64/zynqmp arm64_zynqmp "$programs test_gone" --append iomem=relaxed
	run_tap arm64/zynqmp-wedged arm64_wedged
	run_tap arm64/zynqmp-swiotlb arm64_zynqmp "test_align test_memlock test_mmap" \
		--append swiotlb=force
	run_tap arm64/bcm2835 arm64_bcm2835 "$programs"
	virt_guests
}

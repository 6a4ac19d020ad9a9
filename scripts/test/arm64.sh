# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root, run_tap and tap_result are
# those of scripts/test.sh and guest.sh
#
# The driver on arm64: on the machine virt as on the q35, behind an SMMU instead of an Intel IOMMU;
# and on DMA engines whose drivers are the kernel's own, on two boards: zynqmp_dma
# with and without bounce buffers, and bcm2835-dma. One boot each runs the programs of tests/guest
# and then the harness: every path on every channel, by a caller on the first CPU and on another.

# Any length at any address.
arm64_zynqmp() { # TESTS VM-OPTIONS...
	local tests=$1 status=0
	shift
	board_boot "$out" versal xilinx-zynqmp-dma "dmabench zynqmp_dma $disk" "$tests" \
		"--size 4097 --offset 1 --wait interrupt,poll" "--size 1000001 --depth 0" "$@" || status=$?
	board_result "$out" 8 '[4097,1000001]'
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
	board_boot "$out" raspi3b bcm2835-dma "dmabench $disk" "$1" \
		"--size 4097,4100 --wait interrupt,poll" "--size 1000004 --depth 0" \
		--env DMABENCH_TEST_ALIGN=4 --append iomem=relaxed --env "CPU_PART=$cpu_part_guest" || status=$?
	results=13 board_result "$out" 11 '[4100,1000004]'
	cpu_part_result "$out" "not cached" 9
	return "$status"
}

# As scripts/dev/cross.sh builds it, and one that maps wrongly on purpose.
prepare_arm64() {
	local kdir
	# The host's own harness makes the reports.
	prepare_cli || return 1
	"$root/scripts/dev/cross.sh" arm64 || return 1
	kdir=$("$root/scripts/kernel/headers.sh" "$own_kernel" arm64) || return 1
	# shellcheck disable=SC2086 # several words
	make -C "$root" -j"$(nproc)" driver KDIR="$kdir" ${arch_kbuild[arm64]} EDU_BREAK_MAPPING=1
}

# Where the hardware keeps caches and devices in step: edu's memory, and the simulator to move bytes, as edu
# takes its time. Without an IOMMU, behind which older kernels call every sync needed; on one node, so
# that there is another CPU for others to work on.
arm64_cpu_part() {
	local status=0
	"$root/scripts/vm.sh" --machine virt --smp 2 --nodes 1 --iommu off --out "$out" --insmod "dmabench $edu dmabench_sim" \
		--env DMABENCH_TEST_ENGINE_DRIVER=dmabench_edu --env MOVER=dmabench_sim --env ONCE="${board_once[*]}" \
		--env ACCESS_PATHS="$access_paths" -- sh -c "$cpu_part_guest" >&2 || status=$?
	echo 1..6
	tap_result 1 "the run in the guest ended with 0" [ "$status" -eq 0 ]
	cpu_part_result "$out" cached 2
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
	run_tap arm64/virt-cpu-part arm64_cpu_part
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

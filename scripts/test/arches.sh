# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $root, $disk, run_tap and board_boot are those of scripts/test.sh
# and its files
#
# The driver and the harness where words have 32 bits, and on a third architecture: on two boards
# with DMA engines whose drivers are the kernel's own, pl330 and sf-pdma.

# What takes long here, or needs huge pages, which these kernels lack, is left out.
arches_programs="test_align test_ioctl test_life test_limits test_memlock test_memory test_mmap test_coherent_user"

# Three controllers with 30, 30 and 8 channels. A descriptor is short, so that copies are cut:
# QEMU's model moves about 1 MB/s. Taking its driver away while channels are open makes the kernel
# warn, whoever has opened them.
arches_pl330() {
	local status=0
	board_boot "$out" smdkc210 dma-pl330 "dmabench:max_len=dma-pl330/16384 $disk" "$arches_programs" \
		"--size 4097 --offset 1" "--size 40001 --wait interrupt,poll --depth 0" \
		--env "FIRST_OF=dma0chan.* dma[12]chan.*" --env "SECOND_OF=dma[02]chan0" --env AGAIN= \
		--append iomem=relaxed --env "CPU_PART=$cpu_part_guest" || status=$?
	results=13 board_result "$out" 68 '[4097,40001]' 2
	cpu_part_result "$out" "not cached" 9
	return "$status"
}

# Four channels; multiples of four bytes, as its driver says.
arches_pdma() {
	local status=0
	board_boot "$out" sifive_u sf-pdma "dmabench virt-dma sf-pdma $disk" "$arches_programs" \
		"--size 4097,4100 --wait interrupt,poll" "--size 200004 --depth 0" --env AGAIN= \
		--env DMABENCH_TEST_ALIGN=4 --append iomem=relaxed --env "CPU_PART=$cpu_part_guest" || status=$?
	results=13 board_result "$out" 4 '[4100,200004]'
	cpu_part_result "$out" cached 9
	return "$status"
}

prepare_arches() {
	prepare_cli && "$root/scripts/dev/cross.sh" armhf && "$root/scripts/dev/cross.sh" riscv64
}

suite_arches() {
	run_tap arches/pl330 arches_pl330
	run_tap arches/pdma arches_pdma
}

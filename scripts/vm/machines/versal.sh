# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# arm64: Xilinx' Versal board, of which Linux has two CPUs. Eight DMA engines of one channel
# each, for the kernel's zynqmp_dma; no IOMMU. QEMU makes the device tree.

machine_versal() {
	machine_begin ttyAMA0 -machine xlnx-versal-virt -m "$memory"
	machine_folders device
	machine_end
}

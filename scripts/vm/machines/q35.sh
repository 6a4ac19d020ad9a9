# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2054,SC2154 # shared with scripts/vm.sh and the files beside it
#
# x86-64 with an Intel IOMMU, NUMA nodes and QEMU's edu device, whose default address mask
# of 28 bits is widened to all of memory.

machine_iommu() {
	case $iommu in
	strict) append+=(intel_iommu=on iommu.strict=1) ;;
	lazy) append+=(intel_iommu=on iommu.strict=0) ;;
	pt) append+=(intel_iommu=on iommu=pt) ;;
	off) append+=(intel_iommu=off) ;;
	esac
}

machine_q35() {
	local cpu=max
	[[ $accel != kvm ]] || cpu=host
	machine_begin ttyS0 -machine "q35,kernel-irqchip=split" -cpu "$cpu" \
		-device intel-iommu,intremap=on -device edu,dma_mask=0xffffffffffffffff
	append+=(tsc=reliable)
	# Whether interrupts of a timer come in time is no question of an emulated machine's health.
	[[ $accel == kvm ]] || append+=(no_timer_check)
	machine_nodes
	machine_iommu
	machine_folders pci
	machine_end
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2054,SC2154 # shared with scripts/vm.sh and the files beside it
#
# arm64 with an SMMUv3, NUMA nodes and QEMU's edu device; QEMU makes the device tree. It is a
# machine that arm64 hosts can run by KVM.

# The kernel's own words for it differ from x86's, and it has none for an SMMU that is left alone.
virt_iommu() {
	case $iommu in
	strict) append+=(iommu.passthrough=0 iommu.strict=1) ;;
	lazy) append+=(iommu.passthrough=0 iommu.strict=0) ;;
	pt) append+=(iommu.passthrough=1) ;;
	esac
}

machine_virt() {
	local cpu=cortex-a76 smmu=smmuv3
	[[ $accel != kvm ]] || cpu=host
	[[ $iommu != off ]] || smmu=none
	machine_begin ttyAMA0 -machine "virt,gic-version=max,iommu=$smmu" -cpu "$cpu" \
		-device edu,dma_mask=0xffffffffffffffff
	machine_nodes
	virt_iommu
	machine_folders pci
	machine_end
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# arm64: the Raspberry Pi 3B, with four CPUs, 1 GiB and a DMA controller that sees memory at
# other addresses than the CPU does; its driver is built into Debian's kernel. QEMU's model
# has no bus for virtio: results come through the second serial port.

machine_raspi3b() {
	machine_begin ttyAMA0,115200 -machine raspi3b -m 1G \
		-dtb "$kernel_folder/usr/lib/linux-image-$kernel_release/broadcom/bcm2837-rpi-3-b.dtb"
	append+=("dmabench_port=${machine_port[raspi3b]}")
	machine_end
	qemu+=(-serial "file:$results_stream")
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# riscv64: SiFive's HiFive Unleashed, of whose three harts Linux has two, started by OpenSBI. A PDMA
# of four channels, for the kernel's sf-pdma. QEMU makes the device tree, and its model has no bus
# for virtio: results come through the second serial port. It can't be powered off, only begun anew,
# which ends QEMU, too.

machine_sifive_u() {
	machine_begin ttySIF0 -machine sifive_u -smp 3 -m "$memory" -bios default
	append+=("dmabench_port=${machine_port[sifive_u]}" dmabench_off=reboot)
	machine_end
	qemu+=(-serial "file:$results_stream")
}

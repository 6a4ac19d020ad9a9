# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# 32-bit Arm: Samsung's SMDKC210, with two CPUs, 1 GiB, a fourth of which the kernel has no
# permanent address for, and three PL330 whose driver is built into Debian's kernel. QEMU's
# model has no bus for virtio: results come through the second serial port.

machine_smdkc210() {
	machine_begin ttySAC0,115200 -machine smdkc210 -smp 2 -m 1G \
		-dtb "$kernel_folder/usr/lib/linux-image-$kernel_release/exynos4210-smdkv310.dtb"
	append+=("dmabench_port=${machine_port[smdkc210]}" cpuidle.off=1)
	machine_end
	qemu+=(-serial "file:$results_stream")
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build what arm64 guests run, across where this machine is another: the harness and the guests'
# tests under build/arm64, the driver and the kernel's own DMA driver of one machine,
# which Debian leaves out, under build/driver/RELEASE-arm64.
#
# usage: scripts/dev/arm64.sh [MODULE...]    further modules: see scripts/kernel/kernel-modules.sh
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"

readonly arch=arm64
series=$(own_kernel)

# Where this machine is one, there is nothing to cross.
own_programs() {
	make -C "$root" --no-print-directory -j"$(nproc)" bench
	make -C "$root/tests/guest" --no-print-directory -j"$(nproc)" OUT="$root/build/tests/guest"
}

programs() {
	local triple=${arch_triple[$arch]} build=${arch_build[$arch]} sysroot
	sysroot=$("$root/scripts/dev/sysroot.sh" "$arch")
	export CPPFLAGS="-isystem $sysroot/usr/include"
	export LDFLAGS="-L$sysroot/usr/lib/$triple"
	make -C "$root" --no-print-directory -j"$(nproc)" bench BUILD="$build" CC="$triple-gcc"
	make -C "$root/tests/guest" --no-print-directory -j"$(nproc)" OUT="../../$build/tests/guest" \
		CC="$triple-gcc" MKFS_MINIX="$sysroot/sbin/mkfs.minix"
}

modules() {
	local kdir release
	kdir=$("$root/scripts/kernel/headers.sh" "$series" "$arch")
	release=${kdir##*/linux-headers-}
	# shellcheck disable=SC2086 # several words
	make -C "$root" --no-print-directory -j"$(nproc)" driver KDIR="$kdir" ${arch_kbuild[$arch]}
	"$root/scripts/kernel/kernel-modules.sh" "$series" "$arch" "$root/build/driver/$release" \
		zynqmp_dma "$@"
}

case ${1-} in
-h | --help) show_help ;;
esac
"$root/scripts/kernel/kernel-modules.sh" --known "$@"
if [[ $arch == "$host_arch" ]]; then own_programs; else programs; fi
modules "$@"

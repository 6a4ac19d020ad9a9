#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build what guests of an architecture run, across where this machine is another: the harness and
# the guests' tests under build/ARCH, the driver and those DMA drivers of the kernel's that its
# packages leave out under build/driver/RELEASE.
#
# usage: scripts/dev/cross.sh ARCH [MODULE...]    further modules: see scripts/kernel/kernel-modules.sh
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"

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
	# Libraries of a later release ask more of the C library than the compiler's has; the guest's is
	# theirs.
	[[ -z $(other_release "$arch") ]] || LDFLAGS+=" -Wl,--allow-shlib-undefined"
	make -C "$root" --no-print-directory -j"$(nproc)" bench BUILD="$build" CC="$triple-gcc"
	make -C "$root/tests/guest" --no-print-directory -j"$(nproc)" OUT="../../$build/tests/guest" \
		CC="$triple-gcc" MKFS_MINIX="$sysroot/sbin/mkfs.minix"
}

modules() {
	local kdir release series wanted
	series=$(kernel_of "$arch")
	read -r -a wanted <<<"${arch_left_out[$arch]-}"
	kdir=$("$root/scripts/kernel/headers.sh" "$series" "$arch")
	release=${kdir##*/linux-headers-}
	# shellcheck disable=SC2086 # several words
	make -C "$root" --no-print-directory -j"$(nproc)" driver KDIR="$kdir" ${arch_kbuild[$arch]}
	wanted+=("$@")
	[[ ${#wanted[@]} -eq 0 ]] ||
		"$root/scripts/kernel/kernel-modules.sh" "$series" "$arch" "$root/build/driver/$release" \
			"${wanted[@]}"
}

case ${1-} in
-h | --help) show_help ;;
esac
[[ $# -gt 0 && -n $1 && -n ${arch_triple[$1]-} ]] ||
	usage_error "unknown architecture \"${1-}\": expected one of ${!arch_triple[*]}"
readonly arch=$1
shift
"$root/scripts/kernel/kernel-modules.sh" --known "$@"
if [[ $arch == "$host_arch" ]]; then own_programs; else programs; fi
modules "$@"

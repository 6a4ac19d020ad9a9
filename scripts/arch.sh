# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those who source it
#
# What differs between the architectures that guests have. The machine that builds is
# amd64; the others' programs are cross-built, with libraries that scripts/sysroot.sh unpacks.

declare -rA arch_qemu=([amd64]=qemu-system-x86_64 [arm64]=qemu-system-aarch64)
declare -rA arch_qemu_package=([amd64]=qemu-system-x86 [arm64]=qemu-system-arm)
declare -rA arch_use=([amd64]=bench [arm64]=arm64)
declare -rA arch_triple=([amd64]=x86_64-linux-gnu [arm64]=aarch64-linux-gnu)

# Where its harness and tests are built, below the source tree.
declare -rA arch_build=([amd64]=build [arm64]=build/arm64)

# What building kernel modules takes: the headers' tools are amd64's.
declare -rA arch_kbuild=(
	[amd64]=""
	[arm64]="ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- DEB_BUILD_ARCH=amd64 DEB_HOST_ARCH=arm64 DEB_HOST_GNU_TYPE=aarch64-linux-gnu"
)

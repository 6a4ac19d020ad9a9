# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those who source it
#
# All that differs between the distributions and the architectures that this runs on: which
# kernels there are, what packages are called, which machine a guest is. Nothing else in the
# tree names one of them, which scripts/dev/check.sh looks for.

# The kernels of each distribution's archive as series: its own first, then those that the
# tests boot as well where the archive has them (backports, where they are configured).
declare -rA release_kernels=(
	[debian-bookworm]="6.1 6.12"
	[debian-trixie]="6.12 7.3"
	[ubuntu-noble]="6.8"
)

# The parts of an archive that scripts/dev/distro.sh makes fresh roots of, and where they are.
declare -rA release_sources=(
	[bookworm]="bookworm bookworm-updates bookworm-security"
	[trixie]="trixie trixie-updates trixie-security trixie-backports"
)
# Those that are tried on another architecture, too, and on which.
declare -rA foreign_releases=([trixie]=arm64)
readonly default_mirror=http://deb.debian.org/debian

# The architecture of this machine's programs, by Debian's name.
own_arch() {
	local machine
	! dpkg --print-architecture 2>/dev/null || return 0
	machine=$(uname -m)
	case $machine in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) printf '%s\n' "$machine" ;;
	esac
}
host_arch=$(own_arch)
readonly host_arch

# What guests can be, and which of their machines has an engine behind an IOMMU.
declare -rA arch_qemu=([amd64]=qemu-system-x86_64 [arm64]=qemu-system-aarch64 [armhf]=qemu-system-arm
	[riscv64]=qemu-system-riscv64)
declare -A arch_qemu_package=([amd64]=qemu-system-x86 [arm64]=qemu-system-arm [armhf]=qemu-system-arm
	[riscv64]=qemu-system-riscv)
declare -rA arch_machine=([amd64]=q35 [arm64]=virt)
declare -rA machine_arch=([q35]=amd64 [virt]=arm64 [versal]=arm64 [raspi3b]=arm64 [smdkc210]=armhf
	[sifive_u]=riscv64)
declare -rA arch_triple=([amd64]=x86_64-linux-gnu [arm64]=aarch64-linux-gnu [armhf]=arm-linux-gnueabihf
	[riscv64]=riscv64-linux-gnu)
declare -rA arch_compiler=([amd64]=gcc-x86-64-linux-gnu [arm64]=gcc-aarch64-linux-gnu
	[armhf]=gcc-arm-linux-gnueabihf [riscv64]=gcc-riscv64-linux-gnu)

# The kernel's modules that the boards of an architecture need and its packages lack.
declare -rA arch_left_out=([arm64]=zynqmp_dma [riscv64]=sf-pdma)

# Where an architecture's harness and tests are built, below the source tree.
declare -A arch_build=([amd64]=build/amd64 [arm64]=build/arm64 [armhf]=build/armhf [riscv64]=build/riscv64)
arch_build[$host_arch]=build

# What building kernel modules takes, elsewhere than at home: the headers' tools are this machine's.
kbuild_for() { # ARCH KERNEL'S-NAME
	printf 'ARCH=%s CROSS_COMPILE=%s- DEB_BUILD_ARCH=%s DEB_HOST_ARCH=%s DEB_HOST_GNU_TYPE=%s' \
		"$2" "${arch_triple[$1]}" "$host_arch" "$1" "${arch_triple[$1]}"
}
declare -A arch_kbuild=([amd64]=$(kbuild_for amd64 x86_64) [arm64]=$(kbuild_for arm64 arm64)
	[armhf]=$(kbuild_for armhf arm) [riscv64]=$(kbuild_for riscv64 riscv))
arch_kbuild[$host_arch]=

# What tests/debug/kernel.config configures a kernel for.
readonly debug_arch=amd64

# The use of scripts/setup.sh that brings what guests of an architecture need.
use_for() { # ARCH
	if [[ $1 == "$host_arch" ]]; then echo bench; else boards_use "$1"; fi
}
boards_use() { # ARCH
	case $1 in
	armhf | riscv64) echo arches ;;
	*) echo arm64 ;;
	esac
}

# distribution: its name and its release's, as debian-trixie. Those that are made of another
# one's packages say whose in ID_LIKE, which is no promise about kernels.
distribution() (
	ID=unknown VERSION_CODENAME=
	# shellcheck source=/dev/null
	[[ ! -r ${DMABENCH_OS_RELEASE:-/etc/os-release} ]] || source "${DMABENCH_OS_RELEASE:-/etc/os-release}"
	printf '%s-%s\n' "$ID" "$VERSION_CODENAME"
)
host_distribution=$(distribution)
readonly host_distribution

# other_release ARCH: where this machine's release doesn't know an architecture, one that does.
other_release() {
	[[ $host_distribution:$1 != debian-bookworm:riscv64 ]] || echo trixie
}
# Its headers name its compiler. This one's QEMU for it is in another package.
if [[ -n $(other_release riscv64) ]]; then
	arch_kbuild[riscv64]+=" CC=${arch_triple[riscv64]}-gcc"
	arch_qemu_package[riscv64]=qemu-system-misc
fi

# kernel_flavour ARCH: the last word of a kernel's release.
kernel_flavour() {
	case $host_distribution:$1 in
	ubuntu-*) echo generic ;;
	*:armhf) echo armmp ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# The series of a kernel's release, as 6.1 of 6.1.0-50-amd64.
series_of() {
	sed -nE 's/^([0-9]+\.[0-9]+).*/\1/p' <<<"$1"
}

# kernel_of ARCH: the distribution's own kernel, as a series; of one that isn't known, that which
# runs here.
kernel_of() {
	local release known
	release=$(other_release "$1")
	known=${release_kernels[${release:+debian-}${release:-$host_distribution}]-}
	printf '%s\n' "${known%% *}" | grep . || series_of "$(uname -r)"
}

own_kernel() {
	kernel_of "$host_arch"
}

# known_kernels: what the tests may boot, one a line.
known_kernels() {
	local known
	read -r -a known <<<"${release_kernels[$host_distribution]:-$(own_kernel)}"
	printf '%s\n' "${known[@]}"
}

is_known_kernel() { # SERIES
	[[ " ${release_kernels[$host_distribution]:-$(own_kernel)} " == *" $1 "* ]]
}

# headers_package RELEASE: the package with the headers of just this kernel.
headers_package() {
	printf 'linux-headers-%s\n' "$1"
}

# kernel_package: the one that brings the distribution's usual kernel.
kernel_package() {
	printf 'linux-image-%s\n' "$(kernel_flavour "$host_arch")"
}

# source_package SERIES: the package with a kernel's sources, and its archive in /usr/src.
source_package() {
	case $host_distribution in
	ubuntu-*) printf 'linux-source-%s.0\n' "$1" ;;
	*) printf 'linux-source-%s\n' "$1" ;;
	esac
}
source_archive() {
	local packed=xz
	[[ $host_distribution != ubuntu-* ]] || packed=bz2
	printf '%s/%s.tar.%s\n' "${DMABENCH_KERNEL_SOURCES:-/usr/src}" "$(source_package "$1")" "$packed"
}

# Packages whose daemons the machine would start, now and when it boots, unless told otherwise.
declare -rA package_daemons=([slurmctld]=slurmctld [slurmd]=slurmd [munge]=munge [openssh-server]=ssh)

# own_packages: what goes by another name here, or is only needed here, as scripts/setup.sh has them.
own_packages() {
	local perf=linux-perf more=()
	if [[ $host_distribution == ubuntu-* ]]; then
		perf=linux-tools-generic
		more=("bench test arm64 arches debug|optional|zstd|cmd zstd|to unpack the guest's modules"
			"arm64 arches check debug|needed|bzip2|cmd bzip2|to unpack sources of kernels")
	fi
	printf '%s\n' "peers|optional|$perf|cmd perf|perf bench mem memcpy, copies to measure ours against" \
		${more[@]+"${more[@]}"}
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Find the headers of a kernel series, and unpack Debian's packages under build/ where
# they aren't installed: installing later ones would bring a kernel along, which the
# machine would boot next.
#
# usage: scripts/headers.sh SERIES [ARCH]   e.g. 6.1 or 6.12, of amd64 or arm64; debug-6.1
#                                           and debug-6.12 are those of scripts/debug-kernel.sh
#
# Prints the folder, to be used as KDIR.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
source "$here/lib.sh"
# shellcheck source=scripts/arch.sh
source "$here/arch.sh"
# shellcheck source=scripts/vm/packages.sh
source "$here/vm/packages.sh"

readonly cache=$guest_cache
part=

# download RELEASE ARCH: the headers, the common ones and the tools. Those run here, and so
# are this machine's own.
download() {
	local kbuild common
	common=$(depends_of "linux-headers-$1" 'linux-headers-.*-common')
	kbuild=$(depends_of "linux-headers-$1" 'linux-kbuild-.*')
	apt_download "linux-headers-$1" "$common"
	if [[ $2 != amd64 ]]; then
		apt_options=()
		apt_run apt-cache show "$kbuild" >/dev/null 2>&1 || apt_private
	fi
	apt_download "$kbuild"
}

release_of() { # SERIES ARCH
	local meta=linux-headers-$1-$2 release
	[[ $1 != 6.1 ]] || meta=linux-headers-$2
	release=$(depends_of "$meta" "linux-headers-.*-$2" | head -n 1)
	printf '%s\n' "${release#linux-headers-}"
}

fetch() { # SERIES ARCH
	local release package home
	mkdir -p "$cache"
	apt_for "$2"
	release=$(release_of "$1" "$2")
	if [[ -z $release ]]; then
		apt_private "$2"
		release=$(release_of "$1" "$2")
	fi
	[[ -n $release ]] || die "no package of $2 headers for kernel $1"
	say "downloading the headers of kernel $release"
	part=$(mktemp -d "$cache/part.XXXXXX")
	trap 'rm -rf "$part"' EXIT
	cd "$part"
	download "$release" "$2"
	for package in *.deb; do dpkg-deb -x "$package" tree; done
	# The one absolute path in them.
	home=$cache/headers-$release
	sed -i "s|^include /usr/src/|include $home/usr/src/|" \
		"tree/usr/src/linux-headers-$release/Makefile"
	rm -rf "$home"
	mv tree "$home"
}

case ${1-} in
-h | --help)
	help_of "$0"
	exit 0
	;;
esac
[[ ${1-} != debug-* ]] || exec "$here/debug-kernel.sh" --kdir "${1#debug-}"
[[ $# -ge 1 && $# -le 2 && $1 =~ ^[0-9]+\.[0-9]+$ ]] || usage_error "expected one series like 6.12"
arch=${2:-amd64}
[[ -n ${arch_triple[$arch]-} ]] || usage_error "unknown architecture $arch"
[[ -n $(newest_headers "$1" "$arch") ]] || fetch "$1" "$arch"
newest_headers "$1" "$arch"

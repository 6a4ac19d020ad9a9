#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Find the headers of a kernel series, and unpack Debian's packages under build/ where
# they aren't installed: installing later ones would bring a kernel along, which the
# machine would boot next.
#
# usage: scripts/headers.sh SERIES        e.g. 6.1 or 6.12; debug-6.1 and debug-6.12 are
#                                         those of scripts/debug-kernel.sh
#
# Prints the folder, to be used as KDIR.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
source "$here/lib.sh"
# shellcheck source=scripts/vm/kernel.sh
source "$here/vm/kernel.sh"

readonly cache=$guest_cache
part=

# What the package of the headers needs to work: the common ones and the tools.
packages_of() {
	printf '%s\n' "linux-headers-$1"
	apt_run apt-cache depends "linux-headers-$1" 2>/dev/null |
		sed -n 's/^ *Depends: \(linux-headers-.*-common\|linux-kbuild-.*\)$/\1/p'
}

release_of() {
	apt_run apt-cache depends "linux-headers-$1-amd64" 2>/dev/null |
		sed -n 's/^ *Depends: linux-headers-\(.*-amd64\)$/\1/p' | head -n 1
}

fetch() {
	local release package packages home
	release=$(release_of "$1")
	if [[ -z $release ]]; then
		apt_private
		release=$(release_of "$1")
	fi
	[[ -n $release ]] || die "no package of headers for kernel $1"
	say "downloading the headers of kernel $release"
	mkdir -p "$cache"
	part=$(mktemp -d "$cache/part.XXXXXX")
	trap 'rm -rf "$part"' EXIT
	mapfile -t packages < <(packages_of "$release")
	cd "$part"
	apt_run apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >&2
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
[[ $# -eq 1 && $1 =~ ^[0-9]+\.[0-9]+$ ]] || usage_error "expected one series like 6.12"
[[ -n $(newest_headers "$1") ]] || fetch "$1"
newest_headers "$1"

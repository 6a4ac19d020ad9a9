#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Unpack what programs of another architecture are built with and what its guests need:
# Debian's packages, below build/. Nothing is installed.
#
# usage: scripts/dev/sysroot.sh ARCH
#
# Prints the folder.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/common.sh
source "$here/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$here/../lib/distribution.sh"
# shellcheck source=scripts/vm/packages.sh
source "$here/../vm/packages.sh"

# The C library is that of the cross compiler; libraries of another release than this machine's run
# with their own. util-linux has mkfs.minix.
packages=(busybox-static libjansson4 libjansson-dev libnuma1 libnuma-dev liburing2 liburing-dev
	libcmocka0 libcmocka-dev util-linux util-linux-extra)
readonly c_library=(libc6 libgcc-s1 linux-libc-dev)
part=

fetch() { # ARCH FOLDER
	local package
	say "downloading the libraries of $1"
	apt_private "$1"
	part=$(mktemp -d "$cache/part.XXXXXX")
	trap 'rm -rf "$part"' EXIT
	cd "$part"
	apt_download "${packages[@]}"
	for package in *.deb; do
		dpkg-deb --fsys-tarfile "$package" | tar -x --one-top-level=tree --exclude='./usr/share/*'
	done
	# Later releases have all below /usr.
	for package in bin sbin; do
		[[ -d tree/usr/$package ]] || continue
		mkdir -p "tree/$package"
		cp -an "tree/usr/$package/." "tree/$package/"
	done
	printf '%s\n' "${packages[*]}" >tree/packages
	rm -rf "$2"
	mv tree "$2"
}

case ${1-} in
-h | --help) show_help ;;
esac
[[ $# -eq 1 && -n ${arch_triple[$1]-} && $1 != "$host_arch" ]] ||
	usage_error "expected another architecture than $host_arch, of ${!arch_triple[*]}"
[[ -z $(other_release "$1") ]] || packages+=("${c_library[@]}")
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
folder=$cache/sysroot-$1
[[ -e $folder/packages && $(<"$folder/packages") == "${packages[*]}" ]] || (fetch "$1" "$folder")
printf '%s\n' "$folder"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Find the headers of a kernel, and unpack the distribution's packages under build/ where they
# aren't installed: installing them may bring a kernel along, which the machine would boot next.
#
# usage: scripts/kernel/headers.sh [KERNEL [ARCH]]   a series like 5.4, a release, or debug-SERIES for
#                                             that of scripts/kernel/debug-kernel.sh (the
#                                             distribution's own, for this machine)
#
# Prints the folder, to be used as KDIR. Exit status: 2 wrong usage, 125 there are none.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/common.sh
source "$here/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$here/../lib/distribution.sh"
# shellcheck source=scripts/vm/packages.sh
source "$here/../vm/packages.sh"

part=

# download RELEASE ARCH: the headers, what they share with other flavours, and the tools. Those
# run here, and so are this machine's own.
download() {
	local package tools=()
	apt_has "linux-headers-$1" || apt_private "$2" || return
	apt_download "linux-headers-$1" || return
	while read -r package; do
		if [[ $package == linux-kbuild-* ]]; then tools+=("$package"); else apt_download "$package" || return; fi
	done < <(depends_of "linux-headers-$1" 'linux-(headers|kbuild)-.*' | sort -u)
	[[ ${#tools[@]} -gt 0 ]] || return 0
	if [[ $2 != "$host_arch" ]]; then
		apt_options=()
		apt_has "${tools[0]}" || apt_private
	fi
	if apt_has "${tools[0]}"; then apt_download "${tools[@]}"; else download_like "${tools[0]}"; fi
}

# download_like TOOLS: of another release than this machine's. This one's tools of the same series
# do the same, under that name.
download_like() {
	local series like
	series=$(series_of "${1#linux-kbuild-}")
	like=$(apt_run apt-cache pkgnames "linux-kbuild-$series" | sort -rV | head -n 1)
	[[ -n $like ]] || return
	apt_download "$like" || return
	mkdir -p tree/usr/lib
	ln -s "$like" "tree/usr/lib/$1"
}

fetch() { # RELEASE ARCH
	local package to home=$cache/headers-$1
	have apt-get || infra "no headers of kernel $1, and no apt-get to download them with"
	apt_for "$2"
	say "downloading the headers of kernel $1"
	part=$(mktemp -d "$cache/part.XXXXXX")
	trap 'rm -rf "$part"' EXIT
	cd "$part"
	download "$1" "$2" || infra "the headers of kernel $1 can't be had"
	for package in *.deb; do dpkg-deb -x "$package" tree; done
	# The absolute paths in them.
	# shellcheck disable=SC2001 # bash versions differ in what & is there
	to=$(sed 's/[&|\\]/\\&/g' <<<"$home/usr/src/")
	sed -i -e "s|^include /usr/src/|include $to|" -e "s|^KBUILD_OUTPUT=/usr/src/|KBUILD_OUTPUT=$to|" \
		"tree/usr/src/linux-headers-$1/Makefile"
	rm -rf "$home"
	mv tree "$home"
}

main() {
	local kernel=${1:-$(kernel_of "${2:-$host_arch}")} arch=${2:-$host_arch} release
	[[ $# -ne 1 || $kernel != debug-* ]] || exec "$here/debug-kernel.sh" --kdir "${kernel#debug-}"
	[[ $# -le 2 && $kernel =~ ^[0-9]+\.[0-9][A-Za-z0-9.+~-]*$ ]] || usage_error "expected one kernel: a series or a release"
	[[ $arch == "$host_arch" || -n ${arch_triple[$arch]-} ]] ||
		usage_error "unknown architecture $arch: expected one of ${!arch_triple[*]}"
	make_folder "$cache"
	exec 9>"$cache/headers.lock"
	flock 9
	release=$kernel
	if [[ $kernel =~ ^[0-9]+\.[0-9]+$ ]]; then
		release=$(choose_release "$kernel" "$arch") ||
			infra "no headers of kernel $kernel for $arch; the archive has: $(archive_kernels "$arch")"
	fi
	[[ -n $(headers_of "$release") ]] || (fetch "$release" "$arch")
	headers_of "$release"
}

case ${1-} in
-h | --help) show_help ;;
esac
main "$@"

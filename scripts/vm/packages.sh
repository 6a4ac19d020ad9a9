# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $cache is that of who sources it
#
# Debian's packages, of any architecture, without installing them: the machine's own package
# lists, or lists under the cache. Needs no root and changes nothing outside the cache.

apt_options=()

# Package lists of our own: for machines whose lists are missing or stale, and for another
# architecture, which the machine then needn't be told of.
apt_private() { # [ARCH]
	local arch=${1:-amd64} lists=$cache/apt status=/var/lib/dpkg/status
	if [[ $arch != amd64 ]]; then
		lists=$cache/apt-$arch
		status=$lists/status
	fi
	mkdir -p "$lists/state/lists/partial" "$lists/cache/archives/partial"
	[[ $status != "$lists"/* ]] || : >>"$status"
	apt_options=(-o "Dir::State=$lists/state" -o "Dir::Cache=$lists/cache"
		-o "Dir::State::status=$status")
	[[ $arch == amd64 ]] ||
		apt_options+=(-o "APT::Architecture=$arch" -o "APT::Architectures::=$arch")
	apt-get "${apt_options[@]}" -q update >&2
}

# apt_for ARCH: package lists that know it.
apt_for() {
	[[ $1 == amd64 ]] || apt_private "$1"
}

apt_run() {
	local tool=$1
	shift
	"$tool" ${apt_options[@]+"${apt_options[@]}"} "$@"
}

# apt_download PACKAGE...: into the present directory.
apt_download() {
	apt_run apt-get -q -o APT::Sandbox::User=root download "$@" >&2
}

# What a package depends on, one a line, whose name matches.
depends_of() { # PACKAGE REGEX
	apt_run apt-cache depends "$1" 2>/dev/null | sed -nE "s/^ *Depends: ($2)\$/\\1/p"
}

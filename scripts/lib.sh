# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those who source it
#
# What the scripts share. Source it first:
#	source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
#
# Results go to stdout and messages to stderr. Exit status 2 means wrong usage.

# The top of the source tree, whatever directory the caller is in.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root
program=${0##*/}
readonly program

say() {
	printf '%s: %s\n' "$program" "$*" >&2
}

warn() {
	say "warning: $*"
}

# die MESSAGE [STATUS]
die() {
	say "$1"
	exit "${2:-1}"
}

usage_error() {
	die "$1 (see $program --help)" 2
}

# need_value OPTION COUNT: an option that wants a value must have one; COUNT is
# what is left of the arguments, the option included.
need_value() {
	[[ $2 -ge 2 ]] || usage_error "$1 needs a value"
}

# Print the comment at the top of a script, which is its help.
help_of() {
	sed -n '4,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$1"
}

have() {
	command -v "$1" >/dev/null 2>&1
}

is_root() {
	[[ $EUID -eq 0 ]]
}

# Debian keeps depmod, modprobe and ldconfig where only root's PATH leads.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Where kernels and headers of other series are unpacked.
guest_cache=${DMABENCH_CACHE:-$root/build/guest}
[[ $guest_cache == /* ]] || guest_cache=$PWD/$guest_cache

# Folders with the headers of a kernel: installed ones, and those that
# scripts/headers.sh has unpacked.
header_folders() { # ARCH
	local dir
	for dir in {,"$guest_cache"/headers-*}/usr/src/linux-headers-*-"$1"; do
		[[ -e $dir && $dir != *-rt-"$1" && $dir != *-cloud-"$1" ]] || continue
		printf '%s\n' "$dir"
	done
}

# newest_headers SERIES [ARCH]: the folder of the newest release of a series like 6.1, or nothing.
newest_headers() {
	header_folders "${2:-amd64}" | sed -n "s|.*/linux-headers-\(${1//./\\.}[.-].*\)|\1 &|p" | sort -V |
		tail -n 1 | cut -d ' ' -f 2-
}

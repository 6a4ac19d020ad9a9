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

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build the debug guest's kernel from Debian's linux-source: tests/debug/kernel.config on top
# of nothing. Ten minutes or so; what was built is kept, and built again when the source, the
# fragment, the compiler or the way of building changes.
#
# usage: scripts/kernel/debug-kernel.sh [--kdir | --release] SERIES
#
#   --kdir       print the folder to build modules against
#   --release    print the kernel's release
#   -h, --help   this text
#
# Prints the folder with boot/ and lib/modules/, below $XDG_CACHE_HOME/dmabench where that is
# set, else where the guests' other kernels are. It may be removed at any time.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/common.sh
source "$here/../lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$here/../lib/child.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$here/../lib/distribution.sh"

readonly fragment=$root/tests/debug/kernel.config
readonly builder=$root/scripts/kernel/build.sh
readonly cache=${XDG_CACHE_HOME:+$XDG_CACHE_HOME/dmabench}
readonly home=${cache:-$guest_cache}

# All that decides what comes out, as a word.
key_of() {
	local tarball=$1
	{
		sha256sum <"$tarball"
		sha256sum <"$fragment"
		sha256sum <"$builder"
		gcc --version | head -n 1
		ld --version | head -n 1
	} | sha256sum | cut -c 1-8
}

# The builder holds the lock too: nobody starts anew while one that lost its caller still runs.
build() {
	local series=$1 tarball=$2 key=$3 folder=$4 work=$home/debug-$1.part
	say "building the debug kernel $series, which takes some ten minutes; log: $work/log"
	# What an interrupted build has left.
	rm -rf "$work"
	mkdir -p "$work"
	run_child "$builder" "$series" "$tarball" "$fragment" "-debug-$key" "$work" >"$work/log" 2>&1 ||
		die "no debug kernel: $(tail -n 5 "$work/log")"
	mv "$work/result" "$folder"
	rm -rf "$work"
}

main() {
	local what=folder series tarball key folder
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		--kdir | --release) what=${1#--} ;;
		-*) usage_error "unknown option $1" ;;
		*) break ;;
		esac
		shift
	done
	series=${1-}
	{ [[ $# -eq 1 && -n $series ]] && is_known_kernel "$series"; } ||
		usage_error "expected one series of: $(known_kernels | paste -s -d ' ')"
	tarball=$(source_archive "$series")
	[[ -e $tarball ]] || infra "no $tarball: run scripts/setup.sh --for debug"
	key=$(key_of "$tarball")
	folder=$home/debug-$series-$key
	mkdir -p "$home"
	# One build at a time: guests are often started side by side.
	if [[ ! -d $folder ]]; then
		trap end_child EXIT
		exit_on_signals
		exec 9>"$home/debug-$series.lock"
		flock 9
		[[ -d $folder ]] || build "$series" "$tarball" "$key" "$folder"
		flock -u 9
	fi
	case $what in
	folder) printf '%s\n' "$folder" ;;
	kdir) printf '%s\n' "$folder/kdir" ;;
	release) basename "$folder"/lib/modules/* ;;
	esac
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run a command in a clean clone of this tree, in a fresh root of a distribution: what a
# stranger's machine would do with it.
#
# usage: scripts/dev/distro.sh [options] SUITE[/ARCH] -- COMMAND [ARGUMENT...]
#
#   SUITE            a release by its name; without one it says which there are
#   ARCH             this machine's, or another one under QEMU's user mode
#   --mirror URL     where the packages come from (where this machine's own do)
#   --out DIR        keep build/results and build/test of the clone there
#   -h, --help       this text
#
# What is cloned is the last commit. The fresh root is kept under the cache by all that decides
# what is in it, and so are packages that were downloaded; the command has its own copy, which is
# gone afterwards. Needs root, and changes nothing outside the cache and DIR.
#
# Exit status: the command's; 2 wrong usage; 125 there is no such root.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/common.sh
source "$here/../lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$here/../lib/child.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$here/../lib/distribution.sh"
# shellcheck source=scripts/vm/packages.sh
source "$here/../vm/packages.sh"

readonly roots=${XDG_CACHE_HOME:+$XDG_CACHE_HOME/dmabench}
readonly home=${roots:-$guest_cache}
suite=
arch=$host_arch
mirror=
out=
command=()
work=
base=
registered=
making=
readonly binfmt=/proc/sys/fs/binfmt_misc

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		--mirror | --out)
			need_value "$1" $#
			printf -v "${1#--}" %s "$2"
			shift
			;;
		--)
			shift
			break
			;;
		-*) usage_error "unknown option $1" ;;
		*)
			[[ -z $suite ]] || usage_error "two suites: $suite and $1"
			suite=$1
			;;
		esac
		shift
	done
	command=("$@")
	[[ $suite != */* ]] || { arch=${suite#*/} && suite=${suite%%/*}; }
	[[ -n $suite && -n ${release_sources[$suite]-} ]] ||
		usage_error "${suite:-no suite}: expected one of ${!release_sources[*]}"
	[[ -n $arch && -n ${arch_triple[$arch]-} ]] ||
		usage_error "unknown architecture \"$arch\": expected one of ${!arch_triple[*]}"
	[[ ${#command[@]} -gt 0 ]] || usage_error "no command to run"
	is_root || die "making a root for another system needs root"
}

# make_root FOLDER: apt, git, and nothing that a new system hasn't.
make_root() {
	local part=$1.part
	have mmdebstrap || infra "no mmdebstrap (package mmdebstrap): run scripts/setup.sh --for distros"
	say "making a root of $suite for $arch, which takes some minutes"
	rm -rf "$part"
	making=$part
	mkdir -p "$part/archives"
	release_lines "$suite" "$mirror" >"$part/sources.list"
	run_child mmdebstrap --mode=root --variant=apt --architectures="$arch" --include=git,ca-certificates \
		--quiet "$suite" "$part/root" "$part/sources.list" >"$part/log" 2>&1 ||
		infra "no root of $suite for $arch: $(grep -v '^$' "$part/log" | tail -n 1)"
	rm -rf "$1"
	mv "$part" "$1"
	making=
}

# Programs of another architecture, by QEMU's user mode: the kernel is told of it for as long as
# anybody needs it. The file system that it is told through is mounted for this script alone.
foreign_programs() {
	local name=qemu-${arch_triple[$arch]%%-*}
	local entry=$binfmt/dmabench-$name rule=/usr/lib/binfmt.d/$name.conf
	[[ $arch != "$host_arch" ]] || return 0
	[[ -e $binfmt/register ]] || mount -t binfmt_misc none "$binfmt" 2>/dev/null || true
	mkdir -p "$home"
	exec 8>"$home/binfmt.lock"
	flock -s 8
	[[ ! -e $binfmt/$name ]] || return 0
	[[ -r $rule && -w $binfmt/register ]] || infra "programs of $arch can't be run here:" \
		"no $rule (package qemu-user-static), or no binfmt_misc in this kernel"
	# There already: of another one that runs at the same time, or that was killed.
	[[ -e $entry ]] || sed "s/^:$name:/:dmabench-$name:/" "$rule" >"$binfmt/register" || [[ -e $entry ]] ||
		infra "the kernel doesn't take $rule"
	registered=$entry
}

# By the last one that runs.
# shellcheck disable=SC2317 # a trap calls it
forget_foreign() {
	[[ -n $registered ]] && flock -n 8 && echo -1 >"$registered"
}

# The folder in $base, of which root/ is the system and archives/ its packages.
cached_root() {
	local key
	key=$({ release_lines "$suite" "$mirror" && declare -f make_root; } | sha256sum | cut -c 1-8)
	base=$home/root-$suite-$arch-$key
	mkdir -p "$home"
	exec 9>"$home/root-$suite-$arch.lock"
	flock 9
	[[ -d $base ]] || make_root "$base"
	flock -u 9
}

# In a mount and process name space of its own, so that nothing outlives it.
enter() {
	# shellcheck disable=SC2016 # the inner shell expands
	run_child setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child bash -c '
		set -e
		tree=$1 archives=$2
		shift 2
		mount --rbind /dev "$tree/dev"
		mount -t proc none "$tree/proc"
		mount --rbind /sys "$tree/sys"
		mount --bind "$archives" "$tree/var/cache/apt/archives"
		exec env -i HOME=/root USER=root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
			chroot "$tree" sh -c "cd /root/dmabench && exec \"\$@\"" sh "$@"' \
		enter "$work/root" "$base/archives" "${command[@]}"
}

# shellcheck disable=SC2317 # a trap calls it
cleanup() {
	# A milder signal doesn't reach those in the name space: unshare passes none on.
	[[ -z $child ]] || kill -KILL "$child" 2>/dev/null || true
	end_child
	forget_foreign || true
	[[ -z $making ]] || rm -rf --one-file-system "$making"
	[[ -z $work ]] || rm -rf --one-file-system "$work" || { sleep 1 && rm -rf --one-file-system "$work"; }
	dismiss_janitor
}

# Mounts are this script's own: it begins anew where they are, with the arguments that it had.
own_mounts() {
	local why
	[[ -z ${DMABENCH_OWN_MOUNTS-} ]] || return 0
	why=$(unshare --mount --propagation private true 2>&1) ||
		infra "no mounts of its own can be had here, as in a root that isn't mounted (chroot): $why"
	DMABENCH_OWN_MOUNTS=yes exec unshare --mount --propagation private "$0" "$@"
}

main() {
	local code=0 what
	read_options "$@"
	own_mounts "$@"
	[[ -z $out ]] || { mkdir -p "$out" && out=$(cd "$out" && pwd -P); }
	trap cleanup EXIT
	exit_on_signals
	foreign_programs
	cached_root
	work=$(mktemp -d "$home/run.XXXXXX")
	take_away_after "$work"
	run_child cp -a --reflink=auto "$base/root" "$work/root" || infra "no room for a copy of $base"
	run_child git clone --quiet --no-local "$root" "$work/root/root/dmabench" || infra "this tree can't be cloned"
	cp -L /etc/resolv.conf "$work/root/etc/resolv.conf" 2>/dev/null || true
	enter || code=$?
	for what in results test; do
		[[ -z $out || ! -d $work/root/root/dmabench/build/$what ]] ||
			cp -a "$work/root/root/dmabench/build/$what" "$out/"
	done
	exit "$code"
}

main "$@"

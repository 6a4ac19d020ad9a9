#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Distributions and architectures: what scripts/lib/distribution.sh says of each, that nothing else
# names one, and that no use of scripts/setup.sh brings what a machine boots.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # inner shells expand; a subshell each; set by helpers.bash and by bats
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# on ID CODENAME COMMAND...: a command in a shell that takes itself to be there.
on() {
	printf 'NAME="The one"\nID=%s\nVERSION_CODENAME=%s\n' "$1" "$2" >os-release
	run --separate-stderr env DMABENCH_OS_RELEASE="$PWD/os-release" bash -euo pipefail -c '
		source "$0/scripts/lib/common.sh"; source "$0/scripts/lib/distribution.sh"
		source "$0/scripts/vm/packages.sh"; eval "$1"' "$top" "$3"
}

@test "each distribution has its own kernel first, and its own names for them" {
	on debian bookworm 'own_kernel; known_kernels; kernel_flavour arm64'
	[[ $output == $'6.1\n6.1\n6.12\narm64' ]]
	on debian trixie 'own_kernel; known_kernels; kernel_flavour amd64'
	[[ $output == $'6.12\n6.12\n7.3\namd64' ]]
	on ubuntu noble 'own_kernel; kernel_flavour amd64'
	[[ $output == $'6.8\ngeneric' ]]
}

@test "each distribution's packages go by its own names" {
	on debian trixie 'source_archive 6.12; own_packages | cut -d "|" -f 3'
	[[ $output == $'/usr/src/linux-source-6.12.tar.xz\nlinux-perf' ]]
	on ubuntu noble 'source_package 6.8; source_archive 6.8; own_packages | cut -d "|" -f 3'
	[[ $output == $'linux-source-6.8.0\n/usr/src/linux-source-6.8.0.tar.bz2\nlinux-tools-generic\nzstd\nbzip2' ]]
	DMABENCH_OS_RELEASE=$PWD/os-release run --separate-stderr "$top/scripts/setup.sh" --for all --list
	status_is 0
	[[ " ${lines[*]} " == *" linux-source-6.8.0 "*" zstd "* && " ${lines[*]} " != *" linux-perf "* ]]
}

@test "one that isn't known has the kernel that runs" {
	on plan9 fourth 'own_kernel; known_kernels'
	[[ $output == "$(uname -r | grep -oE '^[0-9]+\.[0-9]+')"$'\n'"${lines[0]}" ]]
	rm os-release
	run env DMABENCH_OS_RELEASE="$PWD/os-release" bash -euo pipefail -c '
		source "$0/scripts/lib/common.sh"; source "$0/scripts/lib/distribution.sh"; own_kernel' "$top"
	status_is 0
}

# An archive of kernels; apt-cache shows those that have a version.
archive() {
	mkdir -p bin
	printf '%s\n' "$@" >names
	cat >bin/apt-cache <<-END
		#!/bin/sh
		for last; do :; done
		case \$* in
		*pkgnames*) cat "$PWD/names" ;;
		*show*) ! grep -qxF "\$last" "$PWD/gone" && grep -xF "\$last" "$PWD/names" ;;
		esac
	END
	printf '#!/bin/sh\nexit 100\n' >bin/apt-get
	: >gone
	chmod +x bin/*
	export PATH=$PWD/bin:$PATH DMABENCH_CACHE=$PWD/cache
}

@test "of a series the newest release is taken that the archive still has" {
	local arch
	on debian trixie 'echo $host_arch'
	arch=$output
	archive linux-headers-{6.1.0-9,6.1.0-50,6.12.9+deb13,6.12.117+deb13,6.12.118+deb13,7.3.4+deb13}-"$arch" \
		linux-headers-{"$arch",6.12-"$arch",6.12.119+deb13-rt-"$arch",6.12.119+deb13-cloud-"$arch",7.3.4+deb13-common}
	on debian trixie 'archive_release 6.1 $host_arch; archive_release 6.12 $host_arch; archive_kernels $host_arch'
	[[ $output == "6.1.0-50-$arch"$'\n'"6.12.118+deb13-$arch"$'\n'"6.1 6.12 7.3" ]]
	echo "linux-headers-6.12.118+deb13-$arch" >gone
	on debian trixie 'archive_release 6.12 $host_arch; archive_release 6.13 $host_arch'
	[[ $output == "6.12.117+deb13-$arch" ]]
	run --separate-stderr "$top/scripts/kernel/headers.sh" 5.4
	status_is 125
	[[ $stderr == *"the archive has: 6.1 6.12 7.3"* && ${#stderr_lines[@]} -eq 1 && -z $output ]]
}

@test "what is here comes before what is newer, where it can be booted" {
	local arch
	on debian trixie 'echo $host_arch'
	arch=$output
	archive "linux-headers-9.9.2-$arch" "linux-image-9.9.2-$arch"
	mkdir -p "cache/headers-9.9.1-$arch/usr/src/linux-headers-9.9.1-$arch"
	on debian trixie 'choose_release 9.9 $host_arch'
	[[ $output == "9.9.2-$arch" ]]
	mkdir -p "cache/kernel-9.9.1-$arch/boot"
	touch "cache/kernel-9.9.1-$arch/boot/vmlinuz-9.9.1-$arch"
	on debian trixie 'choose_release 9.9 $host_arch'
	[[ $output == "9.9.1-$arch" ]]
	# Nothing to boot at all: good for building.
	rm -r "cache/kernel-9.9.1-$arch"
	: >names
	on debian trixie 'choose_release 9.9 $host_arch'
	[[ $output == "9.9.1-$arch" ]]
	run --separate-stderr "$top/scripts/kernel/headers.sh" "9.9.1-$arch"
	[[ $output == "$PWD/cache/headers-9.9.1-$arch/usr/src/linux-headers-9.9.1-$arch" ]]
}

@test "headers.sh: wrong arguments end with 2 and one line, and leave nothing" {
	local arguments
	export DMABENCH_CACHE=$PWD/cache
	for arguments in six "6.1 vax" "6.1 amd64 more" "debug-6.1 amd64 more" "6.1;true" 6.1/../../x; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr "$top/scripts/kernel/headers.sh" $arguments
		status_is 2
		[[ -z $output && ${#stderr_lines[@]} -eq 1 && ! -e cache ]]
	done
}

@test "no use installs a kernel, what starts one, or what makes it start" {
	command -v apt-get >/dev/null || skip "no apt-get"
	local use
	for use in bench test arm64 arches check peers fuzz debug distros package fleet; do
		"$top/scripts/setup.sh" --for "$use" --list >"packages.$use"
		[[ -s packages.$use ]]
	done
	# Of all uses at once, as if nothing at all were installed.
	# shellcheck disable=SC2046 # a word each
	apt-get -s -o Dir::State::status=/dev/null -o APT::Install-Recommends=false \
		install $(cat packages.*) >would 2>err || skip "apt knows no packages: $(tail -n 1 err)"
	grep -q '^Inst ' would
	run ! grep -E '^Inst (linux-(image|binary|modules)-|grub|shim|systemd-boot|refind|dracut|initramfs-tools |dkms)' would
}

@test "distro.sh: wrong arguments end with 2 and one line that says what there is, and leave nothing" {
	[[ $EUID -eq 0 ]] || skip "needs root"
	local arguments
	export XDG_CACHE_HOME=$PWD/cache
	for arguments in "" "sid -- true" "trixie/vax -- true" "trixie/ -- true" "trixie" "trixie bookworm -- true" "--bogus trixie -- true" "--out"; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr "$top/scripts/dev/distro.sh" $arguments
		status_is 2
		[[ -z $output && ${#stderr_lines[@]} -eq 1 && ! -e cache ]]
	done
	run --separate-stderr "$top/scripts/dev/distro.sh" sid -- true
	in_stderr bookworm
	in_stderr trixie
}

# failing TOOL MESSAGE: a stub of it, and a cache that is empty.
failing() {
	mkdir bin
	printf '#!/bin/sh\necho "%s" >&2\nexit 25\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
	export XDG_CACHE_HOME=$PWD/cache
}

@test "distro.sh: without mounts of its own it is 125 with the reason, and nothing is begun" {
	[[ $EUID -eq 0 ]] || skip "needs root"
	failing unshare "unshare: Invalid argument"
	PATH=$PWD/bin:$PATH run --separate-stderr "$top/scripts/dev/distro.sh" trixie -- true
	status_is 125
	in_stderr "chroot): unshare: Invalid argument"
	[[ ! -e cache ]]
}

@test "distro.sh: a root that can't be made is 125 with the reason, and no half of one stays" {
	[[ $EUID -eq 0 ]] || skip "needs root"
	unshare --mount --propagation private true || skip "no mounts of one's own here"
	failing mmdebstrap "E: no such mirror"
	PATH=$PWD/bin:$PATH run --separate-stderr "$top/scripts/dev/distro.sh" trixie -- true
	status_is 125
	in_stderr "no such mirror"
	[[ -z $(find cache -name root -o -name 'run.*') ]]
}

# What making a root takes, played by a script: a shell, and something to copy.
small_roots() {
	[[ $EUID -eq 0 ]] || skip "needs root"
	unshare --mount --propagation private true || skip "no mounts of one's own here"
	command -v busybox >/dev/null || skip "no busybox"
	mkdir bin
	cat >bin/mmdebstrap <<-'END'
		#!/bin/bash
		[[ ! -e $SLOWLY ]] || exec sleep 1000
		for word; do case $word in */root) tree=$word ;; esac; done
		mkdir -p "$tree"/{bin,dev,proc,sys,tmp,root,etc,var/cache/apt/archives}
		cp "$(command -v busybox)" "$tree/bin/"
		for name in sh env mkdir touch; do ln -s busybox "$tree/bin/$name"; done
	END
	chmod +x bin/mmdebstrap
	export XDG_CACHE_HOME=$PWD/cache SLOWLY=$PWD/slowly PATH=$PWD/bin:$PATH
}

nothing_of_it() { [[ -z $(find cache -maxdepth 2 -name 'run.*' -o -maxdepth 2 -name '*.part') ]]; }

# Another architecture, a kernel's register of formats that is a folder of files, and COMMAND in there.
with_formats() {
	[[ $EUID -eq 0 ]] || skip "needs root"
	unshare --mount --propagation private true || skip "no mounts of one's own here"
	# shellcheck disable=SC2016 # the inner shell expands
	run unshare --mount --propagation private bash -c '
		formats=/proc/sys/fs/binfmt_misc
		mount -t tmpfs none "$formats" && touch "$formats/register" || exit 77
		eval "$2"
		"$1/scripts/dev/distro.sh" "trixie/$3" -- true 2>err && exit 1
		grep "no such mirror" err && cp -r "$formats" formats' sh "$top" "$1" "$foreign"
	[[ $status -ne 77 ]] || skip "no file system can be mounted there"
	status_is 0
}

@test "distro.sh: a format of programs is registered by a name of ours, and goes whoever registered it" {
	local name foreign=arm64
	name=qemu-aarch64
	[[ $(uname -m) != aarch64 ]] || { foreign=amd64 name=qemu-x86_64; }
	[[ -r /usr/lib/binfmt.d/$name.conf ]] || skip "no qemu-user-static"
	failing mmdebstrap "E: no such mirror"
	export PATH=$PWD/bin:$PATH
	with_formats ""
	grep -q "^:dmabench-$name:M:" formats/register
	[[ $(<"formats/dmabench-$name") == -1 ]]
	# One that was killed has left it.
	rm -r formats
	with_formats "echo enabled >\$formats/dmabench-$name"
	[[ ! -s formats/register && $(<"formats/dmabench-$name") == -1 ]]
	# The system's own stays.
	rm -r formats
	with_formats "echo enabled >\$formats/$name"
	[[ ! -s formats/register && ! -e formats/dmabench-$name && $(<"formats/$name") == enabled ]]
}

@test "distro.sh: killed at any moment, the copy of the root is gone" {
	small_roots
	local signal pid
	"$top/scripts/dev/distro.sh" trixie -- true 2>err
	nothing_of_it
	for signal in TERM KILL; do
		"$top/scripts/dev/distro.sh" trixie -- sh -c 'i=0; while :; do i=$((i + 1)); mkdir -p /tmp/$i; touch /tmp/$i/f /tmp/up; done' \
			>/dev/null 2>&1 3>&- &
		pid=$!
		eventually compgen -G "cache/dmabench/run.*/root/tmp/up"
		kill "-$signal" "$pid"
		wait "$pid" || true
		eventually nothing_of_it
	done
}

@test "distro.sh: interrupted while it makes a root, no half of one stays" {
	small_roots
	touch slowly
	"$top/scripts/dev/distro.sh" trixie -- true >/dev/null 2>&1 3>&- &
	eventually compgen -G "cache/dmabench/*.part"
	kill -TERM $!
	wait $! || true
	nothing_of_it
}

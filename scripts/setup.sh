#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Install what is missing from Debian's packages, and say what and why.
#
# usage: scripts/setup.sh [--for bench|test|arm64|check|arches|peers|fuzz|debug|distros|package|fleet|all] [--no-install | --list]
#
#   --for USE      what it shall be good for (all, which is the first four)
#   --no-install   only say what is missing
#   --list         print the packages of that use, whether they are there or not
#   -h, --help     this text
#
# Nothing is touched when nothing is missing, and nothing is ever installed that the machine
# boots; daemons that come with a package (fleet) are neither started nor enabled. Without root it prints the command
# that root has to run. Exit status, after all that could be done was done:
#   0  nothing is missing
#   1  something that is needed is missing
#   2  wrong usage
#   3  only packages are missing that one can do without
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"

# Uses | needed or optional | package | how to tell that it is there | what for
#
# "cmd" wants one of the commands, "file" a file (a glob), "python" a module and
# "perl" one too. Where a package has several, the last that a use needs is named.
table() {
	cat <<'END'
bench test check peers debug package|needed|gcc|cmd gcc|to compile the harness and the driver
bench test arm64 arches check peers debug package|needed|make|cmd make|to build
bench test check peers debug package|needed|libc6-dev|file /usr/include/stdio.h|to compile the harness
bench test check peers package|needed|libnuma-dev|file /usr/include/numa.h|to place memory on NUMA nodes
bench test check peers package|needed|libjansson-dev|file /usr/include/jansson.h|to write results
bench peers|optional|liburing-dev|file /usr/include/liburing.h|for the asynchronous paths
test check package|needed|liburing-dev|file /usr/include/liburing.h|for the asynchronous paths and their tests
bench test arm64 arches peers debug package|needed|jq|cmd jq|to read results
bench|optional|gnuplot-nox|cmd gnuplot|to draw the pictures
test|needed|gnuplot-nox|cmd gnuplot|to draw the pictures
bench|optional|librsvg2-bin|cmd rsvg-convert|to make PNG of the pictures
test|needed|librsvg2-bin|cmd rsvg-convert|to make PNG of the pictures
bench|optional|fonts-dejavu-core|file /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf|the letters in the pictures
test|needed|fonts-dejavu-core|file /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf|the letters in the pictures
bench|optional|cmark-gfm|cmd cmark-gfm|to make HTML of the report
test|needed|cmark-gfm|cmd cmark-gfm|to make HTML of the report
bench test arm64 arches debug|needed|kmod|cmd modprobe|to load the driver, and to find a guest's modules
bench|optional|hyperfine|cmd hyperfine|to time copies from outside as well
bench test arm64 arches debug|optional|busybox-static|cmd busybox|the guest's programs
bench test arm64 arches debug|optional|cpio|cmd cpio|the guest's file system
bench test arm64 arches check debug|optional|libelf-dev|file /usr/include/libelf.h|the tools that build modules, and a kernel's
test|needed|git|cmd git|to build another commit beside this one
bench|optional|xz-utils|cmd xz|to unpack the guest's modules
test arm64 arches debug|needed|xz-utils|cmd xz|to unpack modules and sources of kernels
test arm64 arches debug|needed|util-linux-extra|cmd mkfs.minix|a file system for the guest's tests
test debug package|needed|libcmocka-dev|file /usr/include/cmocka.h|unit tests and guest tests
test|needed|bats|cmd bats|tests of the commands
test|needed|python3-jsonschema|python jsonschema|to hold results against their schema
test|needed|python3-yaml|python yaml|to read the templates for CI
test|optional|zsh|cmd zsh|to type into it what it completes
test|needed|procps|cmd pgrep|to see which processes are left
test|needed|file|cmd file|to check the pictures
test debug|needed|bc|cmd bc|to check the pictures, and to build a kernel
test|needed|udev|cmd udevadm|to give the node to its group in a guest
test|needed|libxml2-utils|cmd xmllint|to check the pictures
distros|needed|mmdebstrap|cmd mmdebstrap|to make roots of other releases
distros|needed|git|cmd git|to clone the tree into them
distros|optional|qemu-user-static|file /usr/bin/qemu-*-static|for roots of other architectures
distros|optional|arch-test|cmd arch-test|by which mmdebstrap sees that they run
peers|optional|mbw|cmd mbw|more of them
peers|optional|libdpdk-dev|file /usr/include/*/dpdk/rte_memcpy.h|and DPDK's rte_memcpy
peers|optional|pkg-config|cmd pkg-config|to find it
check|needed|shellcheck|cmd shellcheck|to check shell scripts
check|needed|clang-format|cmd clang-format|to check the layout of C
check|needed|cppcheck|cmd cppcheck|to check C
check|needed|sparse|cmd sparse|to check the driver
check|needed|perl|perl Term::ANSIColor|to run checkpatch
debug|needed|flex|cmd flex|to configure a kernel
debug|needed|bison|cmd bison|to configure a kernel
arm64 arches|needed|binutils|cmd readelf|to find the libraries of their programs
fleet|optional|slurmctld|cmd slurmctld|to run the fleet's job by a real Slurm
fleet|optional|slurmd|cmd slurmd|to run the fleet's job by a real Slurm
fleet|optional|slurm-client|cmd sbatch|to run the fleet's job by a real Slurm
fleet|optional|munge|cmd munged|which Slurm knows its own by
fleet|optional|ansible-core|cmd ansible-playbook|to run the fleet's playbook
fleet|optional|openssh-server|cmd sshd|for the hosts that it measures
fleet|optional|openssh-client|cmd ssh|to reach them
fleet|optional|iproute2|cmd ip|for the networks that they are in
package|needed|build-essential|file /usr/share/build-essential/list|to build the packages
package|needed|debhelper|cmd dh|to build the packages
package|needed|dh-dkms|cmd dh_dkms|to build the one with the module
package|needed|lintian|cmd lintian|to read them
package|needed|autopkgtest|cmd autopkgtest|to run their own tests
package|needed|faketime|cmd faketime|to build them in another year
fuzz|needed|clang|cmd clang|to build the fuzzer
fuzz|needed|libclang-rt-dev|file /usr/lib/llvm-*/lib/clang/*/lib/*linux*/libclang_rt.fuzzer*.a|the fuzzer itself
END
	own_packages
	guests
	kernel_sources
}

# Guests like this machine, and those of other architectures, whose programs are cross-built.
guests() {
	local arch
	[[ -z ${arch_machine[$host_arch]-} ]] || printf '%s|%s|cmd %s|%s\n' "bench test debug|optional" \
		"${arch_qemu_package[$host_arch]}" "${arch_qemu[$host_arch]}" \
		"the guest, for driver paths where the host has no DMA engine"
	for arch in arm64 armhf riscv64; do boards_of "$arch" "$(boards_use "$arch")|needed"; done
	printf '%s|opensbi|file %s|%s\n' "arches|needed" \
		"/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin" "what starts a riscv64 guest"
}

boards_of() { # ARCH USE|RANK
	printf '%s|%s|cmd %s|%s\n' "$2" "${arch_qemu_package[$1]}" "${arch_qemu[$1]}" \
		"the guests that are $1 boards"
	[[ $host_arch != "$1" ]] || return 0
	printf '%s|%s|cmd %s|%s\n' "$2" "${arch_compiler[$1]}" "${arch_triple[$1]}-gcc" "to build for them"
	printf '%s|%s|file %s|%s\n' "$2" "libc6-dev-$1-cross" "/usr/${arch_triple[$1]}/include/stdio.h" \
		"to compile for them"
}

# The headers of kernels are no packages to install: scripts/kernel/headers.sh unpacks them.
kernel_sources() {
	local series own uses
	own=$(own_kernel)
	while read -r series; do
		uses=debug
		[[ $series != "$own" ]] || uses="arm64 check debug"
		[[ $series != "$(kernel_of riscv64)" ]] || uses+=" arches"
		printf '%s|needed|%s|file %s|%s\n' "$uses" "$(source_package "$series")" \
			"$(source_archive "$series")" "checkpatch, the debug kernel, DMA drivers that the distribution leaves out"
	done < <(known_kernels)
}

is_there() {
	case $1 in
	cmd) have "$2" ;;
	file) compgen -G "$2" >/dev/null ;;
	python) [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c "import $2" 2>/dev/null ;;
	perl) have perl && perl "-M$2" -e 1 2>/dev/null ;;
	esac
}

# An installed harness isn't built here.
is_for_building() {
	[[ $use == bench && $package == lib*-dev ]]
}

# Fill the arrays needed and optional with the packages that are missing; with
# an argument, say what each is for. To list them, print all.
find_missing() {
	local uses rank package kind what why
	needed=()
	optional=()
	while IFS='|' read -r uses rank package what why; do
		if [[ $use == all ]]; then [[ $uses != fuzz && $uses != arches && $uses != debug && $uses != distros && $uses != package && $uses != fleet ]] || continue; else
			[[ " $uses " == *" $use "* ]] || continue
		fi
		if [[ $only_say == list ]]; then
			printf '%s\n' "$package"
			continue
		fi
		if [[ $installed == yes ]]; then
			! is_for_building || continue
			[[ $package != gcc && $package != make ]] || rank=optional why="to build the driver"
		fi
		read -r kind what <<<"$what"
		is_there "$kind" "$what" && continue
		if [[ $rank == needed ]]; then needed+=("$package"); else optional+=("$package"); fi
		[[ $# -eq 0 ]] || say "missing: $package ($rank), $why"
	done <<<"$(table)"
}

exit_status() {
	[[ ${#needed[@]} -eq 0 ]] || exit 1
	[[ ${#optional[@]} -eq 0 ]] || exit 3
	exit 0
}

# apt's own chatter belongs to stderr.
install() {
	local code=0
	say "installing: $*"
	hold_daemons "$@"
	DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" </dev/null 2>&1 | as_messages || code=$?
	disable_daemons "$@"
	return "$code"
}

# daemons_of PACKAGE...: what they would have the machine start.
daemons_of() {
	local package
	for package in "$@"; do
		[[ -z ${package_daemons[$package]-} ]] || printf '%s\n' "${package_daemons[$package]}"
	done
}

# Debian asks this program whether a new daemon may be started; one that is there already decides.
policy=${DMABENCH_DAEMON_POLICY:-/usr/sbin/policy-rc.d}
held=no

hold_daemons() {
	[[ -n $(daemons_of "$@") && ! -e $policy ]] || return 0
	printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && held=yes
	trap let_daemons_go EXIT
}

let_daemons_go() {
	[[ $held == no ]] || rm -f "$policy"
	held=no
}

# Nor when the machine boots.
disable_daemons() {
	local daemon
	let_daemons_go
	while read -r daemon; do
		if have systemctl; then systemctl --quiet disable "$daemon" >&2 || true; fi
		if have update-rc.d; then update-rc.d "$daemon" disable >&2 || true; fi
	done < <(daemons_of "$@")
}

# Together first, since that is quick; one by one if a package can't be had.
install_each() {
	local package
	[[ $# -gt 0 ]] || return 0
	install "$@" && return
	for package in "$@"; do
		install "$package" || warn "can't install $package"
	done
}

main() {
	local use=all only_say=no
	while [[ $# -gt 0 ]]; do
		case $1 in
		--for)
			need_value "$1" $#
			[[ $2 =~ ^(bench|test|arm64|check|arches|peers|fuzz|debug|distros|package|fleet|all)$ ]] ||
				usage_error "--for $2: expected one of bench test arm64 check arches peers fuzz debug distros package fleet all"
			use=$2
			shift
			;;
		--no-install) only_say=yes ;;
		--list) only_say=list ;;
		-h | --help) show_help ;;
		*) usage_error "unexpected argument $1" ;;
		esac
		shift
	done
	if [[ $only_say == list ]]; then
		find_missing | sort -u
		exit 0
	fi
	find_missing aloud
	[[ ${#needed[@]} -gt 0 || ${#optional[@]} -gt 0 ]] || exit 0
	[[ $only_say == no ]] || exit_status
	if ! have apt-get; then
		say "this is no Debian system (no apt-get): install what is listed above by other means"
		exit_status
	fi
	if ! is_root; then
		say "not root: run this as root, then try again:"
		message "apt-get update && apt-get install -y --no-install-recommends ${needed[*]} ${optional[*]}"
		exit_status
	fi
	apt-get -q update 2>&1 | as_messages || warn "can't renew the package lists"
	install_each ${needed[@]+"${needed[@]}"}
	install_each ${optional[@]+"${optional[@]}"}
	find_missing
	exit_status
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run a command of the build in a QEMU guest that has an IOMMU, two NUMA nodes and
# the edu DMA device, or a board's DMA engines. The distribution's kernel,
# nothing installed, no root.
#
# usage: scripts/vm.sh [options] [--] COMMAND [ARGUMENT...]
#
#   --kernel SERIES|RELEASE     which kernel of the distribution's archive, backports included
#                               where they are configured (the distribution's own)
#   --kernel debug-SERIES       one that looks for the driver's mistakes
#   --machine q35|virt|versal|raspi3b|smdkc210|sifive_u  which machine (one like this): a PC with an
#                               Intel IOMMU; arm64 with an SMMU; the others are boards, two of
#                               arm64, one of 32-bit Arm, one of riscv64
#   --accel auto|kvm|tcg        auto tries KVM and drops it where it fails (auto)
#   --icount                    count instructions: one is one nanosecond; one CPU
#   --warp                      for tests: idle time passes at once; one CPU; times mean nothing
#   --date TIME                 with --icount: what the guest's clock says at first, in UTC, as
#                               2026-01-31T12:00:00 (now)
#   --iommu strict|lazy|pt|off  how the IOMMU is used (strict)
#   --smp N  --nodes N          CPUs (2) and NUMA nodes (2)
#   --cpuless LIST              nodes without CPUs, as memory behind CXL
#   --memless LIST              nodes without memory
#   --distances LIST            of the nodes 0-1, 0-2, ... 1-2, ... (20 each)
#   --mem SIZE                  memory, as 512M or 2G (1G)
#   --insmod "NAME[:P=V]..."    modules to load in this order, with parameters: the driver's,
#                               or the kernel's that need no other
#   --module-dir DIR            where they are (build/driver/RELEASE; installed, they are made there)
#   --with PATH                 carry this file or folder of the tree too; repeatable
#   --env NAME=VALUE            set a variable for the command; repeatable
#   --append "ARGUMENTS"        more kernel arguments; repeatable
#   --out DIR                   the command's $DMABENCH_OUT: what is there comes back
#   --timeout SECONDS           for the command, from when the guest is up (600)
#   --log FILE                  keep the guest's console there
#   --allow-warnings REGEX      kernel warnings that this run provokes
#   --verbose                   say what is started
#   -h, --help                  this text
#
# Words of the command that name files of the tree travel with it, as do
# build/dmabench and build/tests/guest; it runs in a folder where they are at the
# same relative paths. Its stdout, stderr and exit status are this script's, but for
#   2    wrong usage of this script
#   124  the timeout passed while the command ran
#   125  infrastructure: the guest died, hung at boot, or never said it was done;
#        also what is missing here to start it
#   126  the kernel warned (what it said is on stderr), whatever the command's status
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$here/lib/distribution.sh"
# shellcheck source=scripts/lib/driver.sh
source "$here/lib/driver.sh"
# shellcheck source=vm/options.sh
source "$here/vm/options.sh"
# shellcheck source=vm/packages.sh
source "$here/vm/packages.sh"
# shellcheck source=vm/kernel.sh
source "$here/vm/kernel.sh"
# shellcheck source=vm/initramfs.sh
source "$here/vm/initramfs.sh"
# shellcheck source=vm/nodes.sh
source "$here/vm/nodes.sh"
# shellcheck source=vm/machine.sh
source "$here/vm/machine.sh"
# shellcheck source=vm/serial_results.sh
source "$here/vm/serial_results.sh"
# shellcheck source=vm/accel.sh
source "$here/vm/accel.sh"
# shellcheck source=vm/verdict.sh
source "$here/vm/verdict.sh"

# Seconds to boot in and load the modules. The debug kernel has taken 100 with two other guests
# on two CPUs.
readonly boot_limit=${DMABENCH_BOOT_LIMIT:-300}
qemu_pid=
timed_out=no
janitor_pid=
run=

# shellcheck disable=SC2317 # a trap calls it
cleanup() {
	trap '' INT TERM HUP
	if [[ -n $qemu_pid ]]; then
		stop_guest
		wait "$qemu_pid" 2>/dev/null || true
	fi
	[[ -z $janitor_pid ]] || kill "$janitor_pid" 2>/dev/null || true
	[[ -z $run ]] || rm -rf "$run"
}

# A run leaves nothing behind even when this shell is killed outright: QEMU gets a
# signal when its parent dies, and a process of its own session removes the files.
make_run_folder() {
	trap cleanup EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	mkdir -p "$cache" || infra "can't make the folder $cache"
	run=$(scratch "$cache") || infra "no folder for temporary files"
	# shellcheck disable=SC2016 # the inner shell expands them
	setsid bash -c 'tail --pid="$1" -s 0.2 -f /dev/null
		qemu=$(cat "$2/pid") && tail --pid="$qemu" -s 0.2 -f /dev/null
		rm -rf "$2"' janitor "$$" "$run" </dev/null >/dev/null 2>&1 3>&- &
	janitor_pid=$!
	share=$run/host
	stage=$run/stage
	serial=$run/serial
	mkdir "$share" "$stage"
	if [[ -z $out ]]; then
		out=$run/out
	fi
	mkdir -p "$out" || infra "can't make the folder $out"
	out=$(cd "$out" && pwd -P)
}

build_guest() {
	local mask
	# In the guest others than root look at these files, too.
	mask=$(umask)
	umask 022
	kernel_release=$(kernel_release "$kernel_wanted" "$arch") ||
		infra "no kernel $kernel_wanted for $arch; the archive has: $(archive_kernels "$arch")"
	kernel_folder=$(kernel_fetch "$kernel_release" "$arch") || exit 125
	vmlinuz=$kernel_folder/boot/vmlinuz-$kernel_release
	debug_append
	if [[ $arch != "$host_arch" ]]; then
		sysroot=$("$root/scripts/dev/sysroot.sh" "$arch") || infra "no libraries of $arch"
	fi
	stage_base
	stage_guest_modules
	[[ $installed == no || -n $module_dir ]] || make_asked_modules ${insmod[@]+"${insmod[@]}"}
	stage_asked_modules "${module_dir:-$build/driver/$kernel_release}" \
		${insmod[@]+"${insmod[@]}"}
	stage_payload "${command[@]}"
	stage_libraries
	stage_command "${command[@]}"
	token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	printf '%s\n' "$token" >"$stage/vm/token"
	pack "$run/initramfs"
	umask "$mask"
}

# Start QEMU and pass on what the command writes while it writes it.
start_guest() {
	rm -rf "${share:?}"/*
	: >"$share/stdout"
	: >"$share/stderr"
	: >"$share/token"
	: >"$serial"
	start_serial_results
	"machine_$machine"
	[[ $verbose == no ]] || say "${qemu[*]}"
	# This limit only matters when nobody is left to see to the others.
	setpriv --pdeathsig TERM timeout -k 5 "$((boot_limit + timeout + 60))" "${qemu[@]}" \
		</dev/null >"$run/qemu.log" 2>&1 &
	qemu_pid=$!
	printf '%s\n' "$qemu_pid" >"$run/pid"
	run_serial_results
	tail -s 0.1 --pid="$qemu_pid" -c +1 -f "$share/stdout" 2>/dev/null &
	stdout_pid=$!
	tail -s 0.1 --pid="$qemu_pid" -c +1 -f "$share/stderr" >&2 2>/dev/null &
	stderr_pid=$!
}

# Wait for the guest's end, but not for ever.
watch_guest() {
	local watcher status=0
	timeout "$timeout" tail --pid="$qemu_pid" -s 0.2 -f /dev/null &
	watcher=$!
	wait "$watcher" || status=$?
	[[ $status -ne 124 ]] || timed_out=yes
	[[ $status -eq 0 ]] || stop_guest
}

# QEMU ends on the signal, and is killed by timeout where it doesn't.
stop_guest() {
	kill "$qemu_pid" 2>/dev/null || true
}

finish_guest() {
	qemu_status=0
	wait "$qemu_pid" || qemu_status=$?
	qemu_pid=
	end_serial_results
	passed_on=yes
	wait "$stdout_pid" || passed_on=no
	wait "$stderr_pid" || passed_on=no
}

main() {
	local tool
	read_options "$@"
	for tool in "${arch_qemu[$arch]}:${arch_qemu_package[$arch]}" busybox:busybox-static cpio:cpio \
		modprobe:kmod; do
		have "${tool%%:*}" ||
			infra "no ${tool%%:*} (package ${tool#*:}): run $(called setup) --for $(use_for "$arch")"
	done
	make_run_folder
	build_guest
	choose_accel
	[[ $accel != kvm || $kvm_verdict == yes ]] || try_kvm
	[[ -n $qemu_pid ]] || boot_emulated
	watch_guest
	finish_guest
	judge
}

main "$@"

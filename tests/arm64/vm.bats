#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/vm.sh on arm64 machines: the same contract, also where everything comes back through
# a serial port.

# shellcheck disable=SC2016 # the guest's shell expands
# shellcheck disable=SC2154 # set by helpers.bash and by bats
load ../cli/helpers

setup() {
	vm=$top/scripts/vm.sh
	export TMPDIR=$BATS_TEST_TMPDIR
}

nothing_left() {
	[[ -z $(find "$TMPDIR" -maxdepth 1 -name 'dmabench.*') ]]
}

teardown() {
	eventually nothing_left
}

@test "what a board doesn't have is wrong usage" {
	local arguments
	for arguments in "versal --smp 2" "versal --iommu strict" "versal --nodes 2" "raspi3b --mem 2G" \
		"raspi3b --cpuless 1" "versal --accel kvm"; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr "$vm" --machine $arguments -- true
		status_is 2
		in_stderr "not with --machine ${arguments%% *}"
	done
}

# Puts a stream into the courier's file as the guest's port would, then ends the guest.
courier_delivers() { # SCRIPT: writes the stream to its stdout
	mkdir -p "$TMPDIR/run/host" "$TMPDIR/out"
	run --separate-stderr bash -c '
		set -euo pipefail
		run=$1 share=$1/host out=$2 machine=raspi3b serial_pid=
		declare -A machine_port=([raspi3b]=/dev/ttyS1)
		source "$3/scripts/lib/common.sh"
		source "$3/scripts/vm/serial_results.sh"
		start_serial_results
		sleep 2 &
		qemu_pid=$!
		run_serial_results
		eval "$4" >>"$results_stream"
		wait "$qemu_pid"
		end_serial_results' courier "$TMPDIR/run" "$TMPDIR/out" "$top" "$1"
	status_is 0
}

# What a guest sends at its end, with a byte of what the command wrote as told.
stream='cd "$(mktemp -d)"; mkdir out; echo 1 >out/file; echo A >stdout; echo B >stderr
	tar -czf results stdout stderr out; printf "$BYTE" | dd of=results bs=1 seek=20 conv=notrunc,nocreat 2>/dev/null
	echo "word 0" >status; printf "noise"; echo dmabench-stream; tar -c results; tar -c status'

@test "what comes through the port is there, after whatever was sent before it" {
	WORD=A courier_delivers "BYTE=; $stream"
	[[ $(<"$TMPDIR/run/host/status") == "word 0" && $output == A && $stderr == B ]]
	[[ $(<"$TMPDIR/out/file") == 1 ]]
}

@test "a byte that was changed on the way is no end" {
	courier_delivers "BYTE=~~~~; $stream"
	[[ ! -e $TMPDIR/run/host/status && ! -e $TMPDIR/out/file && -z $output ]]
}

@test "status, exact stdout, stderr, variables and files come back from a failing command on raspi3b" {
	run --separate-stderr "$vm" --machine raspi3b --env "WORD=it's \$HOME" --out "$TMPDIR/out" -- sh -c '
		head -c 20000 /dev/urandom >"$DMABENCH_OUT/bytes"
		mkdir "$DMABENCH_OUT/folder"
		echo "$WORD" >"$DMABENCH_OUT/folder/word"
		echo "$DMABENCH_PLATFORM $(nproc)" >"$DMABENCH_OUT/platform"
		echo "a line for stderr" >&2
		cat "$DMABENCH_OUT/bytes" | sha256sum
		printf "no newline"
		exit 7'
	status_is 7
	in_stderr "a line for stderr"
	cd "$TMPDIR/out"
	[[ $output == "$(sha256sum <bytes)"$'\n'"no newline" ]]
	[[ $(<folder/word) == "it's \$HOME" && $(<platform) == "vm-tcg 4" ]]
}

@test "nodes, distances, status, stdout and files of a guest on virt" {
	run --separate-stderr "$vm" --machine virt --nodes 3 --smp 2 --cpuless 2 --memless 1 \
		--distances 21,31,17 --mem 768M --out "$TMPDIR/out" -- sh -c '
		cd /sys/devices/system/node
		echo "$DMABENCH_PLATFORM $(uname -m)" >"$DMABENCH_OUT/platform"
		cat online has_cpu has_memory node*/distance
		exit 7'
	status_is 7
	[[ $output == $'0-2\n0-1\n0,2\n10 21 31\n21 10 17\n31 17 10' ]]
	[[ $(<"$TMPDIR/out/platform") =~ ^vm-(tcg|kvm)\ aarch64$ ]]
}

@test "a command that takes too long on raspi3b is stopped" {
	run --separate-stderr "$vm" --machine raspi3b --timeout 3 -- sleep 1000
	status_is 124
	in_stderr "took more than 3 s"
}

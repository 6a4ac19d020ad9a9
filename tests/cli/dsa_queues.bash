# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with the tests and with bats
#
# Work queues of a DSA device that isn't there: a sysfs tree, nodes, and who does their work.

# build_queues: the programs, once a file.
build_queues() {
	cc -O1 -D_GNU_SOURCE -o "$BATS_FILE_TMPDIR/emulator" "$BATS_TEST_DIRNAME/../dsa/emulator.c" \
		"$BATS_TEST_DIRNAME/../dsa/device.c"
	cc -O1 -D_GNU_SOURCE -shared -fPIC -o "$BATS_FILE_TMPDIR/refuse.so" \
		"$BATS_TEST_DIRNAME/../dsa/refuse.c" -ldl
}

# device NUMBER NODE: without queues.
device() {
	mkdir -p dev "sys/dsa$1"
	echo "$2" >"sys/dsa$1/numa_node"
	echo 1 >"sys/dsa$1/pasid_enabled"
	echo 0 >"sys/dsa$1/cmd_status"
	# What a device says that has MEMMOVE and BATCH among others.
	echo 00000000,00000000,00000000,00000000,00000000,00000000,00000001,003f03ff >"sys/dsa$1/op_cap"
}

# queue NAME MODE: one that can be used, of a device that is there.
queue() {
	mkdir -p "sys/$1"
	echo user >"sys/$1/type"
	echo enabled >"sys/$1/state"
	echo "$2" >"sys/$1/mode"
	echo 16 >"sys/$1/size"
	echo 32768 >"sys/$1/max_transfer_size"
	echo 8 >"sys/$1/max_batch_size"
	echo 1 >"sys/$1/block_on_fault"
}

# A FIFO, written to by write(), or a file of a page, which a portal can be.
fifo() {
	mkfifo "dev/$1"
}

portal() {
	truncate -s 4096 "dev/$1"
}

# stand_in: dmabench finds what is in dev and sys here.
stand_in() {
	export DMABENCH_DSA_DEVICES=$PWD/dev DMABENCH_DSA_SYSFS=$PWD/sys DMABENCH_DSA_STORE=1
	export DMABENCH_DSA_PATIENCE_MS=${1-20000}
}

# emulated FAULTS -- COMMAND: while the queues work, with these faults.
emulated() {
	"$BATS_FILE_TMPDIR/emulator" dev "$@"
}

# refusing WHAT COMMAND: while the kernel does.
refusing() {
	local what=$1
	shift
	DSA_REFUSE=$what LD_PRELOAD=$BATS_FILE_TMPDIR/refuse.so "$@"
}

# counted NAME: of what the emulator did last.
counted() {
	sed -n "s/^$1 //p" dev/log
}

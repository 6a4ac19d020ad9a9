# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells expand; $root and tap_result are others'
#
# Long looks at the driver, made for the debug guest: every fault in turn, random calls with
# predicted results, stress. Each function boots a guest and says TAP:
#
#	FUNCTION KERNEL [VM-OPTIONS...]
#
# The small ones take about a minute each in the emulated debug guest. The full ones are for
# make test-all; sweep_calls and sweep_seconds set how much they do.

sweep_calls=${sweep_calls:-1000000}
sweep_seconds=${sweep_seconds:-600}
# A channel for each worker of the fuzzer, so that nobody's timeout disturbs another.
sweep_sim=dmabench_sim:channels=16
# All slabs can be made to fail but that of the nodes that the list of DMA mappings needs.
sweep_slabs="slub_debug=A;-,radix_tree_node"

# sweep_guest KERNEL ENGINE LIMIT VM-OPTION... -- COMMAND...: under watch where the kernel can.
sweep_guest() {
	local kernel=$1 engine=$2 limit=$3 options=() watched=()
	shift 3
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	[[ $kernel != debug-* ]] || watched=(sh tests/debug/watch.sh)
	[[ $kernel != debug-* ]] || options+=(--with tests/debug)
	"$root/scripts/vm.sh" --kernel "$kernel" --timeout "$limit" --insmod "dmabench $engine" \
		--with tests/guest/fuzz/seeds \
		--env "DMABENCH_TEST_ENGINE_DRIVER=${engine%%:*}" \
		${options[@]+"${options[@]}"} -- ${watched[@]+"${watched[@]}"} "$@"
}

fail_nth() {
	local kernel=$1
	shift
	sweep_guest "$kernel" "$sweep_sim" 900 --smp 2 --append "$sweep_slabs" "$@" -- \
		build/tests/guest/fail_nth
}

# The kernel's list of DMA mappings ends for good when it finds no memory for a node of its
# tree, so such nodes are spared where it is kept. Without it they fail too, the driver's own
# among them.
fail_nth_nodes() {
	local kernel=$1
	shift
	"$root/scripts/vm.sh" --kernel "$kernel" --timeout 900 --smp 2 --append dma_debug=off \
		--insmod "dmabench $sweep_sim" --env DMABENCH_TEST_ENGINE_DRIVER=dmabench_sim "$@" -- \
		build/tests/guest/fail_nth
}

# The emulated device has the real mappings; its time is the guest's timer's.
fail_nth_edu() {
	local kernel=$1
	shift
	sweep_guest "$kernel" dmabench_edu:dma_bits=64 900 --warp --append "$sweep_slabs" "$@" -- \
		build/tests/guest/fail_nth
}

# Seeds that are kept: each line is a seed, calls, threads, processes, options.
fuzz_small() {
	local kernel=$1
	shift
	sweep_guest "$kernel" "$sweep_sim" 900 --smp 2 "$@" -- sh -c '
		status=0
		grep -v "^#" tests/guest/fuzz/seeds >/tmp/seeds
		while read -r seed calls threads processes options; do
			build/tests/guest/fuzz --seed "$seed" --calls "$calls" --threads "$threads" \
				--processes "$processes" $options || status=1
		done </tmp/seeds
		exit $status'
}

fuzz_edu() {
	local kernel=$1
	shift
	sweep_guest "$kernel" dmabench_edu:dma_bits=64 900 --warp "$@" -- \
		build/tests/guest/fuzz --driver dmabench_edu --seed 1 --calls "${sweep_edu_calls:-1500}"
}

# Ten seeds, so that what goes wrong has fewer calls before it.
fuzz_full() {
	local kernel=$1
	shift
	sweep_guest "$kernel" "$sweep_sim" 7200 --smp 2 "$@" -- sh -c '
		status=0
		seed=0
		while [ $seed -lt 10 ]; do
			seed=$((seed + 1))
			build/tests/guest/fuzz --seed $(($2 + seed)) --calls $(($1 / 10)) \
				--threads 2 --processes 2 || status=1
		done
		exit $status' sh "$sweep_calls" "${sweep_seed:-2026}"
}

stress_short() {
	local kernel=$1
	shift
	sweep_guest "$kernel" dmabench_sim 600 --smp 2 "$@" -- build/tests/guest/stress --seconds 30
}

stress_full() {
	local kernel=$1
	shift
	sweep_guest "$kernel" dmabench_sim $((sweep_seconds * 2 + 600)) --smp 2 "$@" -- \
		build/tests/guest/stress --seconds "$sweep_seconds"
}

# A bug of tests/guest/fuzz/planted.sh, and what is said of it. A byte too much may be one that
# the driver itself stumbles over: its caller then dies.
planted_in_driver() {
	cat <<'END'
reserved expected EINVAL, got success
length ^not ok 1 - dmabench_sim: 10000 calls of seed 1
pinned more is pinned, charged or mapped than there are buffers for
overlap expected EINVAL, got success
unused BUFFER_DESTROY of a buffer in flight: success
alias expected EINVAL, got success
END
}

# The test of the test: each is found within the seeds that find nothing otherwise.
fuzz_finds_planted() {
	local kernel=$1 kdir release bug pattern n=0
	kdir=$("$root/scripts/kernel/headers.sh" "$kernel") || return 1
	release=$(sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' "$kdir/include/generated/utsrelease.h")
	planted_in_driver | awk 'END { print "1.." NR }'
	while read -r bug pattern; do
		n=$((n + 1))
		"$root/tests/guest/fuzz/planted.sh" "$bug" "$kdir" >&2 || return 1
		sweep_guest "$kernel" "$sweep_sim" 300 --smp 2 --module-dir \
			"$root/build/broken/$bug/build/driver/$release" -- \
			build/tests/guest/fuzz --seed 1 --calls 10000 >"$out/$bug" 2>&1 || true
		tap_result "$n" "$bug: $pattern" grep -qE "$pattern" "$out/$bug"
	done < <(planted_in_driver)
}

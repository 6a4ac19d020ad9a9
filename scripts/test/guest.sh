# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # guest shells and jq expand; $driver_paths is the parts', $root and run_tap are scripts/test.sh's
#
# The driver's tests, in QEMU guests. Each boot says TAP: that of the programs in
# tests/guest, or of the functions here that judge what a run of the harness brought back.

own_kernel=$(own_kernel)
mapfile -t other_kernels < <(known_kernels | tail -n +2)
kernels_not_here=()
edu=dmabench_edu:dma_bits=64
# A disk in memory and a file system for it, for the tests that need one.
disk="brd:rd_nr=1:rd_size=4096 minix"
# What some tests want of the kernel: secret memory, and pages that it doesn't zero anyway.
guest_append="secretmem.enable=1 init_on_alloc=0"
# The guest in which each engine is tested; scripts/test/mutations.sh has the same.
sim_guest=(--smp 2 --append "$guest_append" --insmod "dmabench $edu dmabench_sim $disk")
edu_guest=(--warp --append "$guest_append" --insmod "dmabench $edu dmabench_sim $disk")
# And for engines that can't be stopped: what they leave behind keeps the modules in, and
# the guest says so when it ends.
alone_guest=(--smp 2 --allow-warnings "module dmabench.* can't be removed"
	--insmod "dmabench dmabench_sim:channels=32")
driver_paths=pinned,registered,coherent,engine

# The programs, and modules for the distribution's own kernel.
prepare_guest() {
	local kdir
	prepare_programs || return 1
	kdir=$("$root/scripts/kernel/headers.sh" "$own_kernel") || return 1
	make -C "$root" -j"$(nproc)" driver KDIR="$kdir"
}

# And what is wrong, slow or disguised on purpose.
prepare_guest_modes() {
	local kdir
	prepare_guest || return 1
	make -C "$root" -j"$(nproc)" BUILD="$root/build/slowed-5" SLOWED=5 bench || return 1
	kdir=$("$root/scripts/kernel/headers.sh" "$own_kernel") || return 1
	modules_for "$kdir" || return 1
	make -C "$root" -j"$(nproc)" driver KDIR="$kdir" EDU_BREAK_MAPPING=1
}

# The archive's other kernels: backports are the user's to configure.
prepare_guest_others() {
	local series kdir
	prepare_programs || return 1
	for series in ${other_kernels[@]+"${other_kernels[@]}"}; do
		if kdir=$("$root/scripts/kernel/headers.sh" "$series"); then
			modules_for "$kdir" || return 1
		else
			kernels_not_here+=("$series")
		fi
	done
}

prepare_programs() {
	make -C "$root/tests/guest" -j"$(nproc)" && make -C "$root" -j"$(nproc)" bench
}

modules_for() { # KDIR
	make -C "$root" -j"$(nproc)" driver KDIR="$1" &&
		make -C "$root" -j"$(nproc)" driver KDIR="$1" CALLBACK_DELAY=5000 &&
		make -C "$root" -j"$(nproc)" driver KDIR="$1" SIM_DISGUISE=1
}

# every_program ENGINE VM-OPTIONS...: all programs of tests/guest in one boot, but for those in
# the guest's $LEAVE_OUT.
# The limit is for guests that hang: a busy host takes ten times as long as an idle one.
every_program() {
	local engine=$1
	shift
	"$root/scripts/vm.sh" --timeout 1800 "$@" --env CMOCKA_MESSAGE_OUTPUT=TAP \
		--env DMABENCH_TEST_ENGINE_DRIVER="dmabench_$engine" -- sh -c '
		status=0
		for test in build/tests/guest/test_*; do
			case " $LEAVE_OUT " in *" ${test##*/} "*) continue ;; esac
			"$test" || status=1
		done
		[ -e build/tests/guest/compat32 ] || exit $status
		echo 1..1
		if build/tests/guest/compat32 "$DMABENCH_TEST_ENGINE_DRIVER"; then
			echo "ok 1 - 32-bit callers get the same answers"
		else
			echo "not ok 1 - 32-bit callers get the same answers (step $?)"
			status=1
		fi
		exit $status'
}

# some_programs ENGINE "PROGRAMS" VM-OPTIONS...: those of them that could be built.
some_programs() {
	local engine=$1 programs=$2
	shift 2
	"$root/scripts/vm.sh" --timeout 1800 "$@" --env CMOCKA_MESSAGE_OUTPUT=TAP --env "TESTS=$programs" \
		--env DMABENCH_TEST_ENGINE_DRIVER="dmabench_$engine" -- sh -c '
		for test in $TESTS; do
			[ ! -e "build/tests/guest/$test" ] || "build/tests/guest/$test" || status=1
		done
		exit ${status-0}'
}

# release_of KERNEL [ARCH]: the release that its modules are for.
release_of() {
	local release
	release=$("$root/scripts/kernel/headers.sh" "$@") && sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' \
		"$release/include/generated/utsrelease.h"
}

# Callbacks that stand where another descriptor could be taken for theirs.
delayed_callbacks() {
	local kernel=$1
	some_programs sim test_early --kernel "$kernel" "${sim_guest[@]}" \
		--module-dir "$root/build/driver/$(release_of "$kernel")-delayed"
}

# The simulator by the names of providers of which something is known.
known_limits() {
	local kernel=$1
	"$root/scripts/vm.sh" --kernel "$kernel" --smp 2 --append "$guest_append" \
		--module-dir "$root/build/driver/$(release_of "$kernel")-disguised" \
		--insmod "dmabench dmabench_sim:driver=mv_xor" --env CMOCKA_MESSAGE_OUTPUT=TAP \
		--env DMABENCH_TEST_ENGINE_DRIVER=mv_xor -- sh -c '
		build/tests/guest/test_hard_limits || status=1
		build/tests/guest/test_known || status=1
		exit ${status-0}'
}

# And of one that says it has stopped while it goes on.
stopped_in_name() {
	local kernel=$1
	"$root/scripts/vm.sh" --kernel "$kernel" "${alone_guest[@]}" --env CMOCKA_MESSAGE_OUTPUT=TAP \
		--module-dir "$root/build/driver/$(release_of "$kernel")-disguised" \
		--insmod "dmabench dmabench_sim:channels=32:driver=hisi_dma:runs_on=1" -- sh -c '
		for test in build/tests/guest/alone_*; do "$test" || status=1; done
		exit ${status-0}'
}

# Engines that can't be stopped, which refuse (0) or have no way to (1).
poisoned_engines() {
	local unstoppable=$1
	shift
	"$root/scripts/vm.sh" "$@" "${alone_guest[@]}" --env CMOCKA_MESSAGE_OUTPUT=TAP \
		--insmod "dmabench dmabench_sim:channels=32:unstoppable=$unstoppable" -- sh -c '
		for test in build/tests/guest/alone_*; do "$test" || status=1; done
		exit ${status-0}'
}

# Every mapping takes bounce buffers, which run out; and pages that are to stay pinned must
# leave the memory they are in.
bounced() {
	"$root/scripts/vm.sh" "$@" --iommu off --smp 2 --append "swiotlb=force movablecore=256M" \
		--insmod "dmabench dmabench_sim" --env CMOCKA_MESSAGE_OUTPUT=TAP \
		--env DMABENCH_TEST_ENGINE_DRIVER=dmabench_sim -- sh -c '
		for test in test_copy test_times test_sharing test_withdrawn; do
			"build/tests/guest/$test" || status=1
		done
		DMABENCH_TEST_ONLY="mapping*" build/tests/guest/test_cycles || status=1
		DMABENCH_TEST_ONLY="*movable_zone" build/tests/guest/test_pinning || status=1
		DMABENCH_TEST_ONLY="*turn" build/tests/guest/test_signals || status=1
		[ ! -e build/tests/guest/test_async_buffers ] ||
			DMABENCH_TEST_ONLY="two_copies*" build/tests/guest/test_async_buffers || status=1
		exit ${status-0}'
}

# A machine without any engine: the programs' answers, and a line for the reader.
no_provider() {
	local status=0
	"$root/scripts/vm.sh" --kernel "$1" --insmod dmabench --out "$out" \
		--env CMOCKA_MESSAGE_OUTPUT=TAP -- sh -c '
		build/dmabench list >"$DMABENCH_OUT/list" || exit 1
		build/tests/guest/test_bare' || status=$?
	echo 1..3
	tap_result 1 "the guest ended with 0" [ "$status" -eq 0 ]
	tap_result 2 "list says that there is no engine" bash -c 'grep -A1 -x engines "$1" | grep -x "  none"' sh "$out/list"
	tap_result 3 "list says what the paths that want one lack" \
		grep -E 'engine .*not usable: no DMA engine that can copy memory' "$out/list"
}

# One instruction is one nanosecond there, so a known share must show almost exactly.
slowed_share_is_exact() {
	local status=0
	"$root/scripts/vm.sh" --icount --out "$out" --with build/slowed-5/dmabench -- sh -c '
		for build in build build/slowed-5; do
			"$build/dmabench" run --env guest --path memcpy,movsb --size 256K --launches 1 --samples 3 \
				--sample-ms 0 --cpu-ms 0 --event-ms 0 --state-ms 0 -o "$DMABENCH_OUT/${build##*/}.json" || exit
		done
		build/dmabench selfcheck --only verify,slowed --launches 6 --seed 1 --env guest \
			-o "$DMABENCH_OUT/s.json"' >&2 || status=$?
	echo 1..5
	tap_result 1 "every self-check is ok" [ "$status" -eq 0 ]
	tap_result 2 "6.25 % more work takes that much longer, within 0.5 points" jq -e '.self_checks[] |
		select(.name == "slowed-6") | .expected == 6.25 and (.measured - 6.25 | fabs <= 0.5)' "$out/s.json"
	tap_result 3 "25 % more work takes that much longer, within 0.5 points" jq -e '.self_checks[] |
		select(.name == "slowed-25") | .expected == 25 and (.measured - 25 | fabs <= 0.5)' "$out/s.json"
	tap_result 4 "every faulty copy is caught" jq -e '[.self_checks[] |
		select(.unit == "launches caught")] | length == 9 and all(.verdict == "ok")' "$out/s.json"
	tap_result 5 "a build that is slowed by 5 % does so, within 0.5 points" jq -e -n --slurpfile plain "$out/build.json" \
		--slurpfile slowed "$out/slowed-5.json" '[$plain[0], $slowed[0] | [.cases[].launches[0].ns_per_op.p10]]
		| transpose | length == 2 and all(.[1] / .[0] > 1.045 and .[1] / .[0] < 1.055)'
}

tap_result() {
	local number=$1 name=$2
	shift 2
	if "$@" >/dev/null; then echo "ok $number - $name"; else echo "not ok $number - $name"; fi
}

# kernel_guests KERNEL: every program on each engine, and the harness.
kernel_guests() {
	local kernel=$1
	run_tap "guest/$kernel-sim" every_program sim --kernel "$kernel" "${sim_guest[@]}"
	run_tap "guest/$kernel-edu" every_program edu --kernel "$kernel" "${edu_guest[@]}"
	run_tap "guest/$kernel-bare" no_provider "$kernel"
	run_tap "guest/$kernel-harness" harness_in_guest "$kernel"
	run_tap "guest/$kernel-preparing" preparing_in_guest "$kernel"
	run_tap "guest/$kernel-poison" poisoned_engines 0 --kernel "$kernel"
	run_tap "guest/$kernel-engines" several_engines "$kernel"
	run_tap "guest/$kernel-async" asynchronous "$kernel"
	run_tap "guest/$kernel-rights" rights_by_group "$kernel"
}

# kernel_modes KERNEL: other ways in which its DMA, its interrupts and engines may work.
kernel_modes() {
	local kernel=$1 iommu
	run_tap "guest/$kernel-poison-unstoppable" poisoned_engines 1 --kernel "$kernel"
	for iommu in lazy pt off; do
		run_tap "guest/$kernel-edu-$iommu" edu_in_mode "$iommu" "$mapping_programs" \
			--kernel "$kernel"
	done
	run_tap "guest/$kernel-edu-intx" some_programs edu "test_copy test_times test_sharing" \
		--warp --append pci=nomsi --kernel "$kernel" --insmod "dmabench $edu"
	run_tap "guest/$kernel-delayed" delayed_callbacks "$kernel"
	run_tap "guest/$kernel-known-limits" known_limits "$kernel"
	run_tap "guest/$kernel-stopped-in-name" stopped_in_name "$kernel"
	run_tap "guest/$kernel-sim-swiotlb" bounced --kernel "$kernel"
}

suite_guest() {
	kernel_guests "$own_kernel"
	run_tap "guest/$own_kernel-numa-2" two_nodes
}

suite_guest_modes() {
	kernel_modes "$own_kernel"
	run_tap "guest/$own_kernel-selfcheck" slowed_share_is_exact
	run_tap "guest/$own_kernel-limit" close_to_the_limit
	run_tap "guest/$own_kernel-numa-4" four_nodes
	run_tap "guest/$own_kernel-broken-mapping" broken_mapping_is_seen "${arch_machine[$host_arch]}"
}

suite_guest_others() {
	local kernel
	[[ ${#other_kernels[@]} -gt 0 ]] || skip_job guest-others "the archive has no other kernel"
	for kernel in ${other_kernels[@]+"${other_kernels[@]}"}; do
		if [[ " ${kernels_not_here[*]-} " == *" $kernel "* ]]; then
			skip_job "guest/$kernel" "no such kernel in the archive"
		else
			kernel_guests "$kernel"
			kernel_modes "$kernel"
		fi
	done
}

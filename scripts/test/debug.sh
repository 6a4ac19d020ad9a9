# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # $root, run_tap and every_program are scripts/test.sh's and guest.sh's
#
# The driver's tests in the debug guest: a kernel that looks for mistakes, whatever the
# programs themselves see. First the guest is shown to see each kind of mistake.

# What each boot runs under, after the programs' own verdict: see tests/debug/watch.sh.
watch_guest=(sh tests/debug/watch.sh)

# build_for_debug SERIES...: kernels, modules and programs.
build_for_debug() {
	local series kdir release
	"$root/scripts/setup.sh" --for debug || return 1
	make -C "$root/tests/guest" -j"$(nproc)" || return 1
	for series in "$@"; do
		kdir=$("$root/scripts/kernel/debug-kernel.sh" --kdir "$series") || return 1
		release=$("$root/scripts/kernel/debug-kernel.sh" --release "$series") || return 1
		make -C "$root" -j"$(nproc)" driver KDIR="$kdir" || return 1
		mkdir -p "$root/build/planted/$release"
		cp "$root"/tests/debug/{Kbuild,planted*.[ch]} "$root/build/planted/$release/"
		make -C "$kdir" M="$root/build/planted/$release" modules || return 1
	done
}

# A mistake of tests/debug/planted.c and what is said of it, in the order of making them: lockdep
# goes off with its own report of a wrong order, and with KASAN's.
planted_mistakes() {
	cat <<'END'
shift UBSAN: shift-out-of-bounds
bounds UBSAN: array-index-out-of-bounds
boolean UBSAN: invalid-load
list_twice list_del corruption
refcount_below refcount_t: decrement hit 0
free_active_timer ODEBUG: free active .*timer_list
sleep_in_atomic BUG: sleeping function called from invalid context
preempted_cpu BUG: using smp_processor_id\(\) in preemptible
rcu_unlocked WARNING: suspicious RCU usage
stuck_cpu BUG: soft lockup
stuck_cpu rcu: INFO: rcu_preempt .*detected .*stall
stuck_task INFO: task planted:[0-9]+ blocked for more than
dma_unchecked DMA-API: .* device driver failed to check map error
dma_twice DMA-API: .* device driver tries to free DMA memory it has not allocated
dma_size DMA-API: .* device driver frees DMA memory with different size
dma_direction DMA-API: .* device driver frees DMA memory with different direction
dma_kept DMA-API: .* device driver has pending DMA allocations while released
leak kmemleak: [0-9]+ new suspected memory leaks
lock_order WARNING: possible circular locking dependency detected
write_freed_page pagealloc: (memory corruption|single bit error)
slab_beyond BUG: KASAN: slab-out-of-bounds
slab_freed BUG: KASAN: (slab-)?use-after-free
vmalloc_beyond BUG: KASAN: vmalloc-out-of-bounds
stack_beyond BUG: KASAN: stack-out-of-bounds
page_freed BUG: KASAN: use-after-free
usercopy_beyond usercopy: Kernel memory exposure attempt detected
END
}

# said_after MISTAKE LOG: what the kernel said until the next mistake; of a leak and of a mapping
# that was kept it speaks at the very end.
said_after() {
	case $1 in
	leak | dma_kept) awk '/planted: after usercopy_beyond/ { show = 1 } show' "$2" ;;
	*) awk -v begin="planted: begin $1\$" -v after="planted: after $1\$" \
		'$0 ~ begin { show = 1 } show; $0 ~ after { show = 0 }' "$2" ;;
	esac
}

# would_fail FILE: what vm.sh makes of a console that says no more than this.
would_fail() (
	serial=$1
	allow_warnings=
	# shellcheck source=scripts/vm/verdict.sh
	source "$root/scripts/vm/verdict.sh"
	[[ -n $(complaints) ]]
)

mistake_is_seen() { # MISTAKE PATTERN FOLDER
	said_after "$1" "$3/serial" >"$3/said"
	grep -qaE -e "$2" "$3/said" || return 1
	# The line itself must be enough; a trace that follows it may not be there.
	grep -aE -e "$2" "$3/said" >"$3/line"
	would_fail "$3/line"
}

planted_mistakes_are_seen() { # SERIES
	local status=0 n=0 mistake pattern mistakes release
	release=$("$root/scripts/kernel/debug-kernel.sh" --release "$1")
	mapfile -t mistakes < <(planted_mistakes | cut -d ' ' -f 1 | uniq)
	"$root/scripts/vm.sh" --kernel "debug-$1" --accel tcg --iommu pt --with tests/debug \
		--log "$out/serial" \
		--module-dir "$root/build/planted/$release" --insmod planted_mistakes -- \
		"${watch_guest[@]}" sh tests/debug/plant.sh "${mistakes[@]}" >"$out/tap" || status=$?
	echo "1..$(($(planted_mistakes | wc -l) + 4))"
	while read -r mistake pattern; do
		n=$((n + 1))
		tap_result "$n" "$mistake: ${pattern//[\\()]/}" mistake_is_seen "$mistake" "$pattern" "$out"
	done < <(planted_mistakes)
	tap_result $((n + 1)) "the run fails" [ "$status" -eq 126 ]
	tap_result $((n + 2)) "a leak fails the run by itself" grep -q '^not ok .*kmemleak' "$out/tap"
	tap_result $((n + 3)) "so does an error that the DMA-API counted" grep -q '^not ok .*DMA-API' "$out/tap"
	tap_result $((n + 4)) "so does lockdep that went off" grep -q '^not ok .*lockdep' "$out/tap"
}

# Debian's kernel has none of it, and a boot argument can take one away from ours.
missing_checks_are_seen() { # SERIES
	local status=0
	"$root/scripts/vm.sh" --kernel "$1" --with tests/debug -- \
		"${watch_guest[@]}" true >"$out/debian" || status=$?
	echo 1..4
	tap_result 1 "a kernel without the checks fails" [ "$status" -eq 1 ]
	tap_result 2 "all that it lacks is named" grep -qE '^not ok 1 .* but not: kasan.* kmemleak.* dma-api.* lockdep.* fail-nth.* gcov.* kcov' "$out/debian"
	status=0
	"$root/scripts/vm.sh" --kernel "debug-$1" --with tests/debug \
		--append "kmemleak=off dma_debug=off" -- "${watch_guest[@]}" true >"$out/off" || status=$?
	tap_result 3 "so does one where they are turned off" [ "$status" -eq 1 ]
	tap_result 4 "those are named, and no other" grep -qx 'not ok 1 .* but not: kmemleak dma-api' "$out/off"
}

# watched ENGINE KERNEL PROGRAMS OPTIONS...: programs under watch, all of them where none is named.
watched() {
	local engine=$1 kernel=$2 programs
	read -r -a programs <<<"$3"
	shift 3
	"$root/scripts/vm.sh" --kernel "debug-$kernel" --timeout 1800 --with tests/debug \
		--insmod "dmabench $edu dmabench_sim $disk" --env CMOCKA_MESSAGE_OUTPUT=TAP \
		--env DMABENCH_TEST_ENGINE_DRIVER="dmabench_$engine" "$@" -- \
		"${watch_guest[@]}" sh tests/debug/programs.sh ${programs[@]+"${programs[@]}"}
}

# Those that leave engines which can't be stopped; what is asynchronous is built where liburing is.
alone_programs() {
	(cd "$root/build/tests/guest" && echo alone_*)
}

# debug_boot KERNEL NAME ENGINE PROGRAMS OPTIONS...
debug_boot() {
	local name=debug/$1-$2
	mkdir -p "$logs/debug"
	run_tap "$name" watched "$3" "$1" "$4" --log "$logs/$name.console" "${@:5}"
}

# The IOMMU in each way that there is, and bounce buffers for all that is mapped.
debug_modes() { # SERIES SIM-PROGRAMS EDU-PROGRAMS
	local iommu
	for iommu in lazy pt off; do
		debug_boot "$1" "edu-$iommu" edu "$3" --warp --iommu "$iommu"
	done
	debug_boot "$1" edu-swiotlb edu "$3" --warp --iommu off --append swiotlb=force
	debug_boot "$1" sim-swiotlb sim "$2" --smp 2 --iommu off --append swiotlb=force
}

# Every check can fail; all programs pass with the IOMMU strict.
debug_whole() { # SERIES
	run_tap "debug/$1-planted" planted_mistakes_are_seen "$1"
	run_tap "debug/$1-missing" missing_checks_are_seen "$1"
	debug_boot "$1" sim-strict sim "" --smp 2
	debug_boot "$1" edu-strict edu "" --warp
	# What can't be stopped keeps the modules in, and its memory.
	debug_boot "$1" poison sim "$(alone_programs)" "${alone_guest[@]}" --env DMABENCH_MODULES_STAY=1
}

suite_debug() {
	local series=$own_kernel copies="test_copy test_times test_sharing"
	run_quietly debug/build build_for_debug "$series" || return 0
	debug_whole "$series"
	debug_modes "$series" "$copies test_withdrawn" "$copies test_withdrawn test_coherent_user"
	run_tap "debug/$series-fail-nth" fail_nth "debug-$series"
	run_tap "debug/$series-fuzz" fuzz_small "debug-$series"
	run_tap "debug/$series-stress" stress_short "debug-$series"
}

# The long looks of scripts/test/sweeps.sh, at their full length.
debug_sweeps() { # SERIES
	run_tap "debug/$1-fail-nth" fail_nth "debug-$1"
	run_tap "debug/$1-fail-nth-nodes" fail_nth_nodes "debug-$1"
	run_tap "debug/$1-fail-nth-edu" fail_nth_edu "debug-$1"
	run_tap "debug/$1-fuzz" fuzz_full "debug-$1"
	run_tap "debug/$1-fuzz-edu" fuzz_edu "debug-$1"
	run_tap "debug/$1-fuzz-planted" fuzz_finds_planted "$1"
	run_tap "debug/$1-stress" stress_full "debug-$1"
}

suite_debug_all() {
	local series
	for series in "$own_kernel" ${other_kernels[@]+"${other_kernels[@]}"}; do
		run_quietly "debug/build-$series" build_for_debug "$series" || continue
		debug_whole "$series"
		debug_modes "$series" "" ""
		debug_sweeps "$series"
	done
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2054,SC2154 # $out, $against … are gate.sh's
#
# The driver's instructions: the deterministic guest, one boot for the commit's modules and one
# for this tree's, both measured by this tree's harness on the same kernel.

icount_cases=(--path pinned,registered --engine dmabench_sim --pages 2M --size 1,4K,64K
	--wait interrupt,poll
	--and --path coherent,engine --engine dmabench_sim --size 1,4K,64K --wait interrupt,poll
	--and --path batch --engine dmabench_sim --size 64K --batch 16 --wait interrupt,poll
	--and --path call-open,call-info,call-engine-info,call-engine-open,call-registered,call-coherent,call-kernel,call-mmap,call-pread,call-pwrite
	--engine dmabench_sim,dmabench_edu --size 4K
	--and --path null --size 4K)
# Some launches, as where a table or a page lies moves a whole launch; fewer copies in all than
# would make the numbers of requests a digit longer (262144).
icount_measuring=(--launches 5 --samples 3 --sample-ms 4 --budget-ms 1000 --cpu-ms 0 --calibrate-ms 0
	--descriptor-ms 0 --event-ms 0 --state-ms 0 --settle-ms 100)
# The allocator's slow ways are rare then, and cost the same wherever they are taken.
icount_kernel="init_on_alloc=0 slub_min_order=3 slub_min_objects=64"

# make_driver TREE TO [ARGUMENT...]: both sides have the same version, so that nothing but
# the code can differ.
make_driver() {
	local tree=$1 to=$2
	shift 2
	mkdir -p "$to"
	make -C "$tree/driver" --no-print-directory -j"$(nproc)" KDIR="$kdir" OUT="$to" VERSION=gate "$@" >"$to.log" 2>&1 ||
		die "building the driver of $tree failed, see $to.log: $(tail -n 1 "$to.log")" 2
}

# count_instructions MODULES RESULT SEED [--only ID]...: one boot.
count_instructions() {
	local modules=$1 result=$2 with_seed=$3 log=${2%.json}.log code=0 dir
	shift 3
	dir=$(mktemp -d "$gate_cache/boot.XXXXXX")
	unfinished=$dir
	mkdir -p "$root/build/gate"
	# In one step: another boot may be packing it.
	cp "$(command -v chrt)" "$dir/chrt"
	mv "$dir/chrt" "$root/build/gate/chrt"
	run_child "$root/scripts/vm.sh" --icount --date 2026-01-01T00:00:00 --nodes 1 --iommu strict --out "$dir" --timeout 400 \
		--with build/gate/chrt --insmod "dmabench dmabench_edu:dma_bits=64 dmabench_sim" \
		--module-dir "$modules" --append "$icount_kernel" -- sh scripts/gate/icount_guest \
		--env guest --mode icount --seed "$with_seed" "${icount_measuring[@]}" \
		"${icount_cases[@]}" "$@" >"$log" 2>&1 || code=$?
	# When it was is for the host's clock to say.
	[[ ! -e $dir/r.json ]] || jq --arg now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '.run.start = $now' \
		"$dir/r.json" >"$result" || rm -f "$result"
	rm -rf "$dir"
	unfinished=
	[[ $code -eq 0 || $code -eq 1 ]] || {
		tail -n 5 "$log" | as_messages
		exit "$code"
	}
	[[ -e $result ]] || die "the guest brought no result back, see $log" 125
}

# measure_drivers DIR SEED [--only ID]...: both sides, one boot each.
measure_drivers() {
	local dir=$1 with_seed=$2
	shift 2
	say "counting the instructions of $against's driver, then of this tree's"
	count_instructions "$out/driver.base" "$dir/base.json" "$with_seed" "$@"
	count_instructions "$out/driver.new" "$dir/new.json" "$with_seed" "$@"
}

confirm_drivers() {
	measure_drivers "$out/confirm" 2 "$@"
}

job_icount() {
	local commit kdir
	commit=$(commit_of "$against")
	mkdir -p "$gate_cache"
	checkout_commit "$commit"
	cmp -s "$tree/include/dmabench_uapi.h" "$root/include/dmabench_uapi.h" ||
		die "include/dmabench_uapi.h isn't that of $against: one program can't measure both" 4
	build_bench || exit 2
	new_exe=$dmabench
	threshold_of=icount-
	choose_rules
	kdir=$("$root/scripts/kernel/headers.sh") || exit 125
	make_out
	# shellcheck disable=SC2086 # make's arguments are words
	make_driver "$root" "$out/driver.new" $driver_args
	make_driver "$tree" "$out/driver.base"
	measure_drivers "$out" 1
	decide "$out/base.json" "$out/new.json" confirm_drivers
	exit "$status"
}

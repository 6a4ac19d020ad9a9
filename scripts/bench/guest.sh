# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $mode, $seed, $cases and $root are bench.sh's
#
# The driver in a QEMU guest, for machines that can't load it.

# guest_modules: built for the guest's kernel, or why there are none, on stdout.
guest_modules() {
	local kdir
	kdir=$("$root/scripts/kernel/headers.sh" 2>"$out/parts/headers.log") || {
		last_words "$out/parts/headers.log"
		return 1
	}
	build_driver "$kdir" "$out/parts/driver-build.log"
}

# guest.json arrives while the guest runs; a guest that dies leaves what it had measured.
measure_guest() {
	local one=0 reason follow
	step 3 "QEMU guest with the driver, the edu device and the software engine"
	reason=$(lacks_room "${TMPDIR:-/tmp}" "$guest_mib")
	if [[ -n $reason ]] || ! reason=$(guest_modules); then
		not_measured guest "$reason" 125
		return
	fi
	guest_cases
	exec 7> >(tee "$out/parts/guest.err" >&2)
	follow=$!
	# shellcheck disable=SC2016 # the guest's shell is to expand it
	run_child "$root/scripts/vm.sh" --insmod "dmabench dmabench_edu dmabench_sim" --iommu strict \
		--out "$out/parts/guest" --log "$out/parts/guest.log" --timeout "$guest_timeout" -- \
		sh -c 'exec build/dmabench run --part --env guest "$@" -o "$DMABENCH_OUT/guest.json"' \
		sh --mode "$mode" --seed "$seed" "${cases[@]}" >"$out/parts/guest.txt" 2>&7 7>&- || one=$?
	exec 7>&-
	wait "$follow" || true
	keep_part guest "$one" "$out/parts/guest/guest.json" "$(last_words "$out/parts/guest.err")"
}

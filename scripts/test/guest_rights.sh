# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root and run_tap are scripts/test.sh's
#
# Rights without root: udev itself gives the node to the group in a guest, by the rule that a package
# brings, and users with and without the group run the harness there.

# What tests/guest/rights.sh runs; vm.sh carries it with its libraries.
rights_udev=build/tests/rights/udevadm

prepare_rights() {
	mkdir -p "$root/${rights_udev%/*}" &&
		cp -L "$(PATH=$PATH:/sbin:/usr/sbin type -P udevadm)" "$root/$rights_udev"
}

# rights_of NAME FILTER: what one of the users there got.
rights_of() {
	jq -e "$2" "$out/$1.json"
}

rights_by_group() {
	local kernel=$1 status=0
	prepare_rights || return 1
	"$root/scripts/vm.sh" --kernel "$kernel" --timeout 300 --smp 2 --out "$out" --with "$rights_udev" --with driver/access \
		--with tests/guest/rights.sh --insmod "dmabench dmabench_sim" -- sh tests/guest/rights.sh ||
		status=$?
	echo 1..6
	tap_result 1 "the guest ended with 0" [ "$status" -eq 0 ]
	tap_result 2 "who isn't in the group is told whose the node is" grep -qF \
		"/dev/dmabench is for root and the group dmabench" "$out/other.list"
	tap_result 3 "and measures without it: the driver's paths are skipped with that reason" rights_of other '
		def of($paths): [.cases[] | select(.path | IN($paths[]))];
		(of(["memcpy"]) | length == 2 and all(.status == "ok")) and
		(of(["pinned", "registered", "coherent", "engine"]) | length > 0 and all(.status == "skipped" and
			(.reason | contains("is for root and the group dmabench"))))'
	tap_result 4 "a member measures every path by the engine, verified" rights_of member '
		[.cases[] | select(.engine.driver? == "dmabench_sim")] | length == 8 and
		all(.status == "ok" and .verified_bytes > 0)'
	tap_result 5 "with a limit of 0 only what pins none of its memory, and the limit is the reason" rights_of locked-0 '
		def of($paths): [.cases[] | select(.path | IN($paths[]))];
		(of(["coherent", "engine"]) | length == 4 and all(.status == "ok")) and
		(of(["pinned", "registered"]) | length == 4 and
			all(.status == "skipped" and (.reason | contains("RLIMIT_MEMLOCK, 0 KiB"))))'
	tap_result 6 "with 64 KiB what fits" rights_of locked-64 '
		[.cases[] | select(.path == "pinned" or .path == "registered")] |
		length == 4 and all(if .params.size <= 16384 then .status == "ok" else
			.status == "skipped" and (.reason | contains("RLIMIT_MEMLOCK, 64 KiB")) end)'
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # the root's shell expands; $root and run_tap are scripts/test.sh's
#
# Both commands of the README in fresh roots of other releases, as a stranger runs them.

# What a machine boots, and what it starts: none of it may change.
starts_with='ls -lR --time-style=+ /boot /vmlinuz* /initrd* /etc/systemd /etc/init.d /etc/rc?.d 2>/dev/null'

# in_distro RELEASE COMMAND...: in a root of its own; $out gets what it left.
in_distro() {
	"$root/scripts/dev/distro.sh" --out "$out" "$@" </dev/null
}

# The main job, at first sight, and the machine afterwards.
main_job_there() { # RELEASE [can_skip]
	local can_skip=${2-}
	local status=0 script
	script='('"$starts_with"') >/tmp/before || true
		scripts/bench.sh --quick --out build/results/first || exit
		('"$starts_with"') >/tmp/after || true
		diff /tmp/before /tmp/after >build/results/changed || true'
	in_distro "$1" -- sh -c "$script" >&2 || status=$?
	if [[ $status -eq 125 && -n $can_skip && ! -e $out/results ]]; then
		printf '1..1\nok 1 main job in %s # SKIP no such root can be made here\n' "$1"
		return
	fi
	echo 1..4
	tap_result 1 "bench.sh ends with 0" [ "$status" -eq 0 ]
	tap_result 2 "the driver's paths were measured in the guest, and nothing failed" jq -e '
		([.environments[].id] | sort) == ["guest", "host"] and .run.complete
		and all(.cases[]; .status != "failed") and all(.not_measured // [] | .[]; .failed | not)
		and any(.cases[]; .engine.driver? == "dmabench_edu" and .status == "ok")' "$out/results/first/result.json"
	tap_result 3 "report and pictures are there" bash -c '[ -s "$1/report.html" ] &&
		[ -s "$1/plots/throughput-host.png" ] && [ -s "$1/plots/throughput-guest.png" ] &&
		[ ! -e "$1/plots/undrawn.json" ]' sh "$out/results/first"
	tap_result 4 "nothing that the machine boots or starts has changed" bash -c '
		[ -e "$1" ] && ! grep -E "^[<>]" "$1" | grep -v "^. total "' sh "$out/results/changed"
}

# suites_there RELEASE SUITE...: the tests themselves.
suites_there() {
	local release=$1 status=0 last
	shift
	in_distro "$release" -- scripts/test.sh "$@" >"$out/said" 2>&1 || status=$?
	last=$(tail -n 1 "$out/said")
	grep -E '^(not ok|skipped|[a-z]+/[^ ]*: )' "$out/said" >&2 || true
	echo 1..1
	tap_result 1 "scripts/test.sh $* ($last)" [ "$status" -eq 0 ]
}

# Another architecture, by QEMU's user mode: it builds, its unit tests pass, and the host's part
# measures. There are no guests in there, and no times that mean anything.
foreign_there() { # RELEASE ARCH
	local status=0 script='
		scripts/setup.sh --for test >&2; scripts/setup.sh --for bench >&2
		make -j"$(nproc)" bench unit >&2 || exit
		mkdir -p build/results
		build/dmabench run --path memcpy,movsb,vector,nt,memcpy-mt,mremap,cow-private,cow-fork --size 64K,1M \
			--launches 1 --samples 2 --sample-ms 1 --cpu-ms 1 --calibrate-ms 1 -o build/results/r.json >&2 || exit
		scripts/plot.sh build/results/r.json build/results/plots >&2 || exit
		scripts/report.sh build/results/r.json build/results >&2 || exit
		for test in build/tests/unit/test_*; do
			[ ! -x "$test" ] || CMOCKA_MESSAGE_OUTPUT=TAP "$test" || exit
		done'
	in_distro "$1/$2" -- sh -c "$script" >"$out/said" || status=$?
	cat "$out/said"
	echo 1..3
	tap_result 1 "it builds, measures and passes its unit tests" [ "$status" -eq 0 ]
	tap_result 2 "what was measured is of that architecture, emulated and says so, and verified" jq -e '
		.environments[0].identity.arch == "aarch64" and .environments[0].platform == "vm-tcg"
		and all(.cases[]; .status != "failed") and any(.cases[]; .status == "ok" and .path == "memcpy" and .verified_bytes > 0)' "$out/results/r.json"
	tap_result 3 "report and pictures are there" bash -c '[ -s "$1/report.html" ] &&
		[ -s "$1/plots/throughput-host.png" ] && [ ! -e "$1/plots/undrawn.json" ]' sh "$out/results"
}

# In a size for each change: the release that this one isn't.
suite_distros_quick() {
	local release
	for release in "${!release_sources[@]}"; do
		[[ $host_distribution != *-"$release" ]] || continue
		run_tap "distros/$release-bench" main_job_there "$release" can_skip
	done
}

suite_distros() {
	local release
	for release in "${!release_sources[@]}"; do
		run_tap "distros/$release-bench" main_job_there "$release"
		run_tap "distros/$release-tests" suites_there "$release" unit cli plots guest guest-modes guest-others
	done
	for release in "${!foreign_releases[@]}"; do
		run_tap "distros/$release-${foreign_releases[$release]}" foreign_there "$release" "${foreign_releases[$release]}"
	done
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # guest shells and jq expand; $root and tap_result are those of
# scripts/test.sh and guest.sh
#
# What the suites on boards share, whose DMA engines have drivers of the kernel's own. One boot runs
# programs of tests/guest and then the harness: every path on every channel.

board_once=(--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0)

# Runs in the guest. $TESTS: the programs; $AGAIN: those that run on the second CPU; $FIRST and
# $SECOND: the harness's arguments, for channels whose names match a word of $FIRST_OF and
# $SECOND_OF, of those that the driver lists for $DMABENCH_TEST_ENGINE_DRIVER; $CPUS: the CPUs that
# callers run on.
board_guest='
status=0
for test in $TESTS; do
	"build/tests/guest/$test" || status=1
	echo "$test until $(cut -d " " -f 1 /proc/uptime)" >&2
done
for test in $AGAIN; do
	taskset 2 "build/tests/guest/$test" || status=1
done
build/dmabench list >"$DMABENCH_OUT/list"
channels() {
	sed -n "s/^  \(dma[0-9]*chan[0-9]*\) .* $DMABENCH_TEST_ENGINE_DRIVER at .*/\1/p" "$DMABENCH_OUT/list" |
		grep -x "$1" | tr "\n" , | sed "s/,\$//"
}
# Patterns of names, not of files.
set -f
for cpu in $CPUS; do
	set --
	for some in $FIRST_OF; do
		set -- "$@" --and --path "$DRIVER_PATHS" --engine "$(channels "$some")" $FIRST
	done
	set -- "$@" --and --path "$DRIVER_PATHS" --engine "$(channels "$SECOND_OF")" $SECOND
	shift
	taskset $((1 << cpu)) build/dmabench run "$@" $ONCE -o "$DMABENCH_OUT/cpu$cpu.json" >&2 || status=1
	echo "CPU $cpu until $(cut -d " " -f 1 /proc/uptime)" >&2
done
exit $status'

# board_boot OUT MACHINE ENGINE MODULES TESTS FIRST SECOND VM-OPTIONS...: variables that are set once
# more by --env are set to that.
board_boot() {
	local out=$1 machine=$2 engine=$3 modules=$4 tests=$5 first=$6 second=$7
	shift 7
	"$root/scripts/vm.sh" --machine "$machine" --timeout 1800 --out "$out" --log "$out.log" --insmod "$modules" \
		--env CMOCKA_MESSAGE_OUTPUT=TAP --env DMABENCH_TEST_ENGINE_DRIVER="$engine" \
		--env "TESTS=$tests" --env DRIVER_PATHS="$driver_paths" --env "ONCE=${board_once[*]}" \
		--env "FIRST=$first" --env "SECOND=$second" --env "CPUS=0 1" --env "AGAIN=test_copy test_times test_sharing" --env "FIRST_OF=.*" \
		--env "SECOND_OF=.*" "$@" -- sh -c "$board_guest"
}

# board_result OUT CHANNELS SIZES [SECOND]: what the harness brought back, for each CPU. SIZES is a
# JSON list of those that the engine can do, the first one by all channels, the others by SECOND of
# them (all); other sizes must be refused, with the reason.
board_result() {
	local out=$1 channels=$2 sizes=$3 second=${4:-$2} cpu n=0
	echo 1..8
	for cpu in 0 1; do
		tap_result $((++n)) "CPU $cpu: every path on every one of $channels channels is verified" \
			jq -e --argjson channels "$channels" --argjson second "$second" --argjson sizes "$sizes" '
			[.cases[] | select(.params.size | IN($sizes[]))]
			| all(.status == "ok" and .verified_bytes > 0)
			and ([$sizes[] as $size | [.[] | select(.params.size == $size) | [.path, .engine.name]]
				| unique | length] == ([$channels, ($sizes[1:][] | $second)] | map(4 * .)))
			' "$out/cpu$cpu.json"
		tap_result $((++n)) "CPU $cpu: both ways of waiting" jq -e '
			[.cases[].params.wait] | unique == ["interrupt", "poll"]' "$out/cpu$cpu.json"
		tap_result $((++n)) "CPU $cpu: what the engine can't do is skipped, and says why" jq -e \
			--argjson sizes "$sizes" '[.cases[] | select(.params.size | IN($sizes[]) | not)]
			| all(.status == "skipped" and (.reason | test("multiples of [0-9]+ bytes only")))' \
			"$out/cpu$cpu.json"
		tap_result $((++n)) "CPU $cpu: the engines are called emulated" \
			jq -e 'all(.cases[]; .engine == null or .engine.kind == "emulated")' "$out/cpu$cpu.json"
	done
}

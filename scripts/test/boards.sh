# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # guest shells and jq expand; $cpu_part_guest is the suites', $root and tap_result are those of
# scripts/test.sh and guest.sh
#
# What the suites on boards share, whose DMA engines have drivers of the kernel's own. One boot runs
# programs of tests/guest and then the harness: every path on every channel, and the CPU's part in it.

board_once=(--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0)

# Runs in a guest: the CPU in each kind of memory, beside an engine of $DMABENCH_TEST_ENGINE_DRIVER; and what
# it does before, after and beside operations of $MOVER, in a size that both can do.
cpu_part_guest='
build/dmabench run --path "$ACCESS_PATHS,call-sync" --size 4K,64K --engine "$DMABENCH_TEST_ENGINE_DRIVER" \
	--and --path pinned,registered,coherent --size 8K --use read,write+read --engine "$MOVER" \
	--and --path memcpy,pinned --size 8K --touch fresh --engine "$MOVER" \
	--and --path memcpy,pinned --size 8K --load 50 --engine "$MOVER" \
	$ONCE -o "$DMABENCH_OUT/cpu_part.json" >&2'
access_paths=memory-read,memory-write,coherent-read,coherent-write,coherent-out

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
[ -z "$CPU_PART" ] || sh -c "$CPU_PART" || status=1
echo "the CPU'"'"'s part until $(cut -d " " -f 1 /proc/uptime)" >&2
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
		--env "SECOND_OF=.*" --env MOVER="$engine" --env ACCESS_PATHS="$access_paths" "$@" -- sh -c "$board_guest"
}

# cpu_part_result OUT CACHED FIRST: what the run of the CPU's part brought back, as results FIRST to FIRST+4.
# CACHED: how the engine's coherent memory is to be called.
cpu_part_result() {
	local file=$1/cpu_part.json cached=$2 n=$3
	tap_result "$n" "the CPU's rate in each kind of memory is made" jq -e --arg paths "$access_paths" '
		[.cases[] | select(.class == "access")] | all(.status == "ok" and .verified_bytes > 0 and .time.value > 0)
		and ([.[] | [.path, .params.size]] | sort) == ([$paths / "," | .[] | [., 4096], [., 65536]] | sort)' "$file"
	tap_result $((n + 1)) "coherent memory is $cached; the kernel syncs where it isn't, and only there" jq -e \
		--arg cached "$cached" '[.environments[0].engines[] | {key: .name, value: .coherent_memory}] | from_entries as $is
		| input | [.cases[] | select(.path == "coherent-read" or .path == "call-sync")] | length == 4
		and all($is[.engine.name] == $cached and (.path != "call-sync"
			or .variant.name == (if $cached == "cached" then "not needed" else "needed" end)))' "$file" "$file"
	tap_result $((n + 2)) "what the CPU writes and reads is verified and has its parts" jq -e '
		[.cases[] | select(.params.use != null)] | length == 6
		and all(.status == "ok" and .verified_bytes > 0 and .use.operation > 0 and .use.read != null
			and ((.use.write == null) == (.params.use == "read")))' "$file"
	tap_result $((n + 3)) "fresh pages are faulted in, and others are at work beside an operation" jq -e '
		([.cases[] | select(.params.touch == "fresh")] | length == 2 and all(.status == "ok" and .fresh.pages > 0
			and .fresh.faults >= .fresh.pages))
		and ([.cases[] | select(.params.load == 50)] | length == 2 and all(.status == "ok" and .load.cpus > 0))' "$file"
	tap_result $((n + 4)) "the result fits the schema, and the report says how coherent memory is mapped" \
		cpu_part_told "$1" "$cached"
}

cpu_part_told() { # OUT CACHED
	/usr/bin/python3 "$root/tests/fixtures/validate.py" "$root/results/result.schema.json" "$1/cpu_part.json" &&
		"$root/scripts/report.sh" "$1/cpu_part.json" "$1/report" &&
		grep -Eq "^\| coherent-read.* \| 64K \|.* \| $2 \|" "$1/report/report.md"
}

# board_result OUT CHANNELS SIZES [SECOND]: what the harness brought back, for each CPU. SIZES is a
# JSON list of those that the engine can do, the first one by all channels, the others by SECOND of
# them (all); other sizes must be refused, with the reason.
board_result() {
	local out=$1 channels=$2 sizes=$3 second=${4:-$2} cpu n=0
	echo "1..${results:-8}"
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

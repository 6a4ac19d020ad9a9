#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What dmabench says about the machine, and sees of it during a run. The machine is a
# tree of files here; tests/unit has a test of each warning.
# shellcheck disable=SC2154 # set by helpers.bash and by bats

load helpers

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	export DMABENCH_SYSROOT=$PWD/tree
	mkdir tree
	lay sys/devices/system/cpu/cpufreq/policy0/scaling_governor powersave
	lay sys/devices/system/cpu/cpufreq/boost 1
	lay sys/kernel/mm/transparent_hugepage/enabled 'always [madvise] never'
	lay proc/sys/kernel/numa_balancing 0
	lay proc/meminfo "MemTotal: 1048576 kB"
	lay proc/loadavg '3.50 1.00 0.50 1/99 7'
}

lay() { # FILE, TEXT
	mkdir -p "tree/$(dirname "$1")"
	printf '%s\n' "$2" >"tree/$1"
}

in_output() {
	[[ $output == *"$1"* ]] || {
		printf 'not said: %s\nbut:\n%s\n' "$1" "$output"
		return 1
	}
}

@test "of the command line, what sets an IOMMU of any architecture is recorded, and memory for devices" {
	lay proc/cmdline 'root=/dev/vda1 iommu.passthrough=1 arm-smmu-v3.disable_bypass=0 arm-smmu=x cma=0 cmap=1'
	run -0 --separate-stderr "$dmabench" env --json
	[[ $(jq -r .conditions.kernel_parameters <<<"$output") == \
		"iommu.passthrough=1 arm-smmu-v3.disable_bypass=0 arm-smmu=x cma=0" ]]
}

@test "env names settings, what happens now, what can't be seen, and what to do" {
	run "$dmabench" env
	[[ $status -eq 0 ]]
	grep -Eq '^  governor: +powersave$' <<<"$output"
	grep -Eq '^  thp: +madvise$' <<<"$output"
	grep -Eq '^  smt: +can.t be seen$' <<<"$output"
	in_output "smt: no /sys/devices/system/cpu/smt/control"
	in_output "throttle_events: no "
	in_output 'warning: the CPU frequency governor isn'"'"'t "performance" on all CPUs: powersave'
	in_output "what to do: dmabench tune set"
	in_output "warning: the machine is loaded (mean of a minute): 3.5"
	in_output "warning: DMABENCH_SYSROOT is set"
	[[ $output != *"huge pages are on"* && $output != *"NUMA balancing is on"* ]]
}

@test "env --json has the same: conditions, state, warnings with their names" {
	"$dmabench" env --json >env.json
	jq -e '.conditions.governor == "powersave" and .conditions.turbo == "on" and .conditions.smt == null
		and (.conditions | has("load_1min") | not)' env.json
	jq -e '.state.before.load_1min.max == 3.5 and .state.before.steal_share == null
		and (.state.before.unseen.steal_share | length > 0)
		and .state.during == null and .state.changed == []' env.json
	jq -e '[.warnings[].id] | index("governor") and index("turbo") and index("load_1min") and index("sysroot")
		and (index("thp") or index("smt") | not)' env.json
	jq -e 'all(.warnings[]; .when == "always" or .when == "before")' env.json
}

@test "the real machine has a state, with all that is null explained" {
	unset DMABENCH_SYSROOT
	"$dmabench" env --json >env.json
	jq -e '.state.before | .seconds > 0 and .looks == 2 and (.others_share == null or .others_share >= 0)' env.json
	jq -e '.state.before | [to_entries[] | select(.value == null) | .key] - (.unseen | keys) == []' env.json
	jq -e '[.warnings[].id] | index("sysroot") | not' env.json
}

@test "a run has its state before, during and after, and fits the schema" {
	unset DMABENCH_SYSROOT
	"$dmabench" run --path memcpy --size 4K --launches 2 --samples 2 --cpu-ms 0 --calibrate-ms 0 -o r.json
	jq -e '.environments[0].state | .before.seconds > 0 and .after.seconds > 0 and .changed == []
		and .during.seconds > 0 and .during.looks >= 2 and .during.busy_siblings == null' r.json
	"$top/tests/fixtures/validate.py" "$top/results/result.schema.json" r.json
}

changed() {
	jq -e '.environments[0].state.changed | length > 0' r.json >/dev/null
}

@test "a setting that somebody changes during a run is in the result, with a warning" {
	"$dmabench" run --path memcpy --size 4K --launches 1000 --samples 1 -o r.json >stdout 2>stderr &
	pid=$!
	eventually jq -e '.environments[0].state.during' r.json 2>/dev/null
	lay sys/devices/system/cpu/cpufreq/policy0/scaling_governor performance
	eventually changed
	kill -INT "$pid"
	wait "$pid" || true
	jq -e '.environments[0] | .state.changed[0] | .what == "governor" and .from == "powersave"
		and .to == "performance" and .after_s > 0' r.json
	jq -e '.environments[0] | .conditions.governor == "powersave" and .state.after == null
		and ([.warnings[] | select(.when == "during") | .id] | index("governor"))' r.json
	"$top/tests/fixtures/validate.py" "$top/results/result.schema.json" r.json
}

@test "env --word is one number of ns, or says why there is none" {
	unset DMABENCH_SYSROOT
	run --separate-stderr env DMABENCH_PLATFORM=vm-icount "$dmabench" env --word
	[[ $status -eq 3 && -z $output && $stderr == *"emulated"* ]]
	run --separate-stderr taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" "$dmabench" env --word
	[[ $status -eq 3 && -z $output && $stderr == *"one usable CPU"* ]]
	run --separate-stderr "$dmabench" env --word --json
	[[ $status -eq 2 && -z $output ]]
	[[ $(nproc) -gt 1 ]] || skip "one CPU"
	run --separate-stderr "$dmabench" env --word
	[[ ( $status -eq 0 && $output =~ ^[1-9][0-9]*$ ) || ( $status -eq 3 && -z $output && -n $stderr ) ]]
}

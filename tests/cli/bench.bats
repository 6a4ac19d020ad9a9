#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The main job: what it does with bad arguments, when it is stopped, and with the
# modules of the machine (whose insmod and rmmod are played by scripts here).

bats_require_minimum_version 1.5.0
load helpers
load scripted

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	bench=$root/scripts/bench.sh
	cd "$BATS_TEST_TMPDIR"
	mkdir stubs
}

refused() {
	local status=0
	"$bench" "$@" >stdout 2>stderr || status=$?
	[ "$status" -eq 2 ]
	[ ! -s stdout ]
	[ "$(wc -l <stderr)" -eq 1 ]
	[ ! -e r ]
}

# A machine that takes modules: stubs that write down what was asked of them.
machine_with_modules() {
	make=$(command -v make)
	stub insmod "echo insmod \"\$@\" >>$PWD/modules.log; ${1:-echo dmabench 65536 >>$PWD/proc_modules}"
	stub rmmod "echo rmmod \"\$@\" >>$PWD/modules.log; : >$PWD/proc_modules"
	stub make "case \"\$*\" in *driver*) exit 0 ;; esac; exec $make \"\$@\""
	: >proc_modules
	mkdir -p kdir
	export DMABENCH_PROC_MODULES=$PWD/proc_modules KDIR=$PWD/kdir PATH=$PWD/stubs:$PATH
}

start_bench() {
	"$bench" --quick --where host --no-install --out r "$@" >stdout 2>stderr &
	pid=$!
	for _ in $(seq 300); do
		[ "$(jq '[.cases[].launches // [] | length] | add' r/result.json 2>/dev/null || echo 0)" -ge 2 ] && return
		sleep 0.1
	done
	cat stderr
	return 1
}

stop_bench() {
	kill "-$1" "$pid"
	status=0
	wait "$pid" || status=$?
}

@test "bad arguments: exit 2, one line, nothing run, nothing written" {
	refused --fast
	refused --where
	refused --where cloud --out r
	refused --seed -1 --out r
	refused --out
	refused quick
	refused --baseline
	refused --baseline nosuch.json --out r
	refused --baseline "$PWD" --out r
}

@test "a folder with results in it is not touched" {
	mkdir r
	echo precious >r/result.json
	status=0
	"$bench" --quick --out r 2>stderr || status=$?
	[ "$status" -eq 2 ]
	[ "$(cat r/result.json)" = precious ]
	[ "$(ls r)" = result.json ]
}

@test "stopped: exit 143, what was measured is kept and incomplete, nothing runs on" {
	start_bench
	stop_bench TERM
	[ "$status" -eq 143 ]
	jq -e '.run.complete | not' r/result.json
	jq -e '[.cases[].launches // [] | length] | add >= 2' r/result.json
	run ! pgrep -f "$PWD/r/result.json"
	grep -q 'marked as incomplete' stderr
}

@test "stopped when all is measured: what is said of the result is what it has" {
	scripted_job
	cp base.json new.json
	local script
	for script in plot report; do
		printf '#!/bin/sh\nkill -TERM "$PPID"\n' >"tree/scripts/$script.sh"
		rm -rf r
		expect 143 tree/scripts/bench.sh --quick --where host --no-install --out r
		jq -e .run.complete r/result.json
		grep -q 'stopped; .*r/result.json is complete, but its report' stderr
		run ! grep -q incomplete stderr
		printf '#!/bin/sh\n' >"tree/scripts/$script.sh"
	done
	# Before it is put together it is no whole, whatever was measured.
	sed -i '2i [[ $1 != selfcheck ]] || kill -TERM $PPID' tree/build/dmabench
	jq '.run.complete = false' base.json >new.json
	rm -rf r
	expect 143 tree/scripts/bench.sh --quick --where host --no-install --out r
	grep -q 'marked as incomplete' stderr
	jq -e '.run.complete | not' r/result.json
}

@test "no setting is changed: what is in force is in the result, with a hint at tune.sh" {
	tree=$PWD/tree
	mkdir -p "$tree/sys/devices/system/cpu/cpufreq/policy0" "$tree/proc/sys/kernel"
	echo powersave >"$tree/sys/devices/system/cpu/cpufreq/policy0/scaling_governor"
	echo 1 >"$tree/sys/devices/system/cpu/cpufreq/boost"
	echo 1 >"$tree/proc/sys/kernel/numa_balancing"
	cp -r "$tree" before
	DMABENCH_SYSROOT=$tree start_bench
	stop_bench TERM
	diff -r before "$tree"
	grep -q 'scripts/tune.sh set changes them' stderr
	grep -Eq 'governor +powersave +performance' r/parts/settings.txt
	jq -e '.environments[0] | .conditions.governor == "powersave" and .conditions.numa_balancing == "1" and
		([.warnings[].id] | contains(["governor", "turbo", "numa_balancing", "sysroot"])) and
		.state.before.seconds > 0 and .state.after == null' r/result.json
}

# work_queue NAME TYPE STATE MODE SIZE THRESHOLD BYTES
work_queue() {
	mkdir -p "dsa/$1"
	printf '%s\n' "$2" >"dsa/$1/type"
	printf '%s\n' "$3" >"dsa/$1/state"
	printf '%s\n' "$4" >"dsa/$1/mode"
	printf '%s\n' "$5" >"dsa/$1/size"
	printf '%s\n' "$6" >"dsa/$1/threshold"
	printf '%s\n' "$7" >"dsa/$1/max_transfer_size"
}

# loaded_with: what the driver is told of the work queues.
loaded_with() {
	(
		root=$top
		export DMABENCH_DSA_DEVICES=$PWD/dsa
		source "$top/scripts/bench/driver.sh"
		idxd_parameters
	)
}

@test "the driver is told what idxd's work queues for the kernel can do" {
	run loaded_with
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	work_queue wq0.0 user enabled dedicated 4 0 4096
	work_queue wq0.1 kernel disabled dedicated 4 0 4096
	work_queue wq0.2 kernel enabled dedicated 32 0 1048576
	work_queue wq0.3 kernel enabled shared 64 12 2097152
	run loaded_with
	[ "$output" = "max_len=idxd/1048576"$'\n'"room=idxd/12" ]
	work_queue wq0.2 kernel disabled dedicated 32 0 1048576
	work_queue wq0.3 kernel enabled dedicated 64 12 2147483648
	run loaded_with
	[ "$output" = "max_len=idxd/268435456"$'\n'"room=idxd/64" ]
	work_queue wq0.3 kernel enabled dedicated 8 0 1024
	run loaded_with
	[ "$output" = "room=idxd/8" ]
}

@test "the driver is loaded for the run and taken out again when it is stopped" {
	[ "$EUID" -eq 0 ] || skip "needs root"
	machine_with_modules
	start_bench
	grep -qx "insmod $root/build/driver/$(uname -r)/dmabench.ko" modules.log
	run ! grep -q rmmod modules.log
	stop_bench TERM
	[ "$(tail -n 1 modules.log)" = "rmmod dmabench" ]
	[ "$(wc -l <modules.log)" -eq 2 ]
}

@test "a driver that was there before stays there" {
	[ "$EUID" -eq 0 ] || skip "needs root"
	machine_with_modules
	echo "dmabench 65536 0 - Live 0x0" >proc_modules
	start_bench
	stop_bench TERM
	[ ! -e modules.log ]
	grep -q 'loaded already and stays' stderr
}

@test "a driver that can't be loaded is said so, and not taken out" {
	[ "$EUID" -eq 0 ] || skip "needs root"
	machine_with_modules 'echo "Key was rejected by service" >&2; exit 1'
	start_bench
	stop_bench TERM
	run ! grep -q rmmod modules.log
	grep -q "can't be loaded: .*Key was rejected" stderr
}

@test "killed outright: nothing runs on, and the driver is taken out all the same" {
	[ "$EUID" -eq 0 ] || skip "needs root"
	machine_with_modules
	start_bench
	stop_bench KILL
	[ "$status" -eq 137 ]
	for _ in $(seq 100); do
		! grep -q rmmod modules.log || break
		sleep 0.2
	done
	[ "$(tail -n 1 modules.log)" = "rmmod dmabench" ]
	[ "$(wc -l <modules.log)" -eq 2 ]
	# What was in the middle of something when its parent went takes a moment on a busy machine.
	for _ in $(seq 100); do
		pgrep -f "$PWD/r/result.json" >/dev/null || break
		sleep 0.2
	done
	run ! pgrep -f "$PWD/r/result.json"
	jq -e '.run.complete | not' r/result.json
}

# check_harness of bench.sh with a harness that is played by a script.
harness_says() { # STATUS MODE
	mkdir -p fake/build
	printf '#!/bin/sh\necho "$@" >%s/arguments\nexit %s\n' "$PWD" "$1" >fake/build/dmabench
	chmod +x fake/build/dmabench
	echo '{"cases": [{"status": "ok", "class": "copy", "params": {"size": 1024}},
		{"status": "ok", "class": "move", "params": {"size": 64}}]}' >result.json
	run bash -c 'source "$1/scripts/lib/common.sh"
		source "$1/scripts/bench/selfcheck.sh" && source "$1/scripts/bench/missing.sh"
		run_child_into() { local to=("$1" "$2") && shift 2 && "${@/#"$root"/fake}" >"${to[0]}" 2>"${to[1]}"; }
		mode=$2 seed=7 status=0
		check_harness result.json selfcheck.json
		exit "$status"' bash "$root" "$2"
}

@test "the harness's checks of itself: a wrong one is a failure, an undecided one is said" {
	harness_says 0 default
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	grep -q -- '--launches 12 --size 1024 --seed 7' arguments
	harness_says 1 quick
	[ "$status" -eq 1 ]
	[[ $output == *"THE HARNESS IS WRONG HERE"* ]]
	grep -q -- '--only verify,cost,slowed' arguments
	harness_says 3 full
	[ "$status" -eq 0 ]
	[[ $output == *"undecided"* ]]
	harness_says 2 full
	[ "$status" -eq 1 ]
	[[ $output == *"not measured: the harness's checks of itself"* ]]
}

# gated STATUS FILTER: the job against base.json, measuring what the filter makes of it.
gated() {
	rm -rf r
	jq ".run.seed = 2 | $2" base.json >new.json
	status=0
	tree/scripts/bench.sh --quick --where host --no-install --out r --baseline base.json >stdout 2>stderr || status=$?
	[ "$status" -eq "$1" ] || {
		echo "status $status instead of $1"
		cat stdout stderr
		return 1
	}
	[ -s r/result.json ]
}

@test "with a baseline its status is compare's, and what was decided is beside the result" {
	scripted_job
	gated 0 .
	grep -q '^no regression: ' stdout
	jq -e '.status == 0 and .counts.OK >= 8 and .rule.design == "groups"' r/compare.json
	jq -e '.run.complete' r/result.json
	for file in compare.md junit.xml; do [ -s "r/$file" ]; done
	slow='(.cases[] | select(.path == "memcpy" and .status == "ok").launches[].ns_per_op[]) *= 1.2'
	gated 1 "$slow"
	grep -q '^FAIL ' stdout
	jq -e '.status == 1 and .counts.FAIL >= 1' r/compare.json
	gated 3 '.cases[].launches |= .[0:7]?'
	gated 4 '.environments[0].conditions.governor = "powersave2"'
	# A part that was left unfinished is no result to decide on.
	gated 2 '.run.launches_done -= 1'
	jq '.cases[0].status = "fine"' base.json >broken.json
	mv broken.json base.json
	rm -r r
	expect 2 tree/scripts/bench.sh --quick --where host --no-install --out r --baseline base.json
	[ ! -e r ]
}

# What a mode would measure there, a case a line.
plan_of() { # host|guest MODE
	bash -c 'source "$1/scripts/lib/common.sh"; mode=$3; source "$1/scripts/bench/cases.sh"; "$2_cases"
		"$1/build/dmabench" run --dry-run "${cases[@]}"' sh "$top" "$1" "$2" >planned && grep -E '^[a-z]' planned
}

@test "each mode has a plan, on the host and in the guest: no case is in it twice" {
	for mode in quick default full; do
		plan_of host $mode >host.plan
		plan_of guest $mode >guest.plan
		[ "$(wc -l <host.plan)" -gt 20 ]
		[ "$(wc -l <guest.plan)" -gt 10 ]
	done
}

@test "every mode has the CPU's part, quick of one size; fresh pages from the default on" {
	for mode in quick default full; do plan_of host $mode >$mode.plan; done
	[ "$(grep -oE '^[a-z-]+:size=[0-9]+.*use=[a-z+]+' quick.plan | grep -oE 'size=[0-9]+' | sort -u)" = size=1048576 ]
	for path in memcpy nt pinned registered coherent; do grep -q "^$path:.*,use=write+read" quick.plan; done
	[ "$(grep -cE '^memcpy:.*,use=(read|write\+read)' default.plan)" -ge 5 ]
	for mode in default full; do grep -q '^memcpy:.*,touch=fresh' $mode.plan; done
	# The line of setting up and a byte takes three sizes; the bound a copy by all CPUs of many bytes.
	for mode in quick default full; do [ "$(grep -c '^pinned:[^+]*wait=interrupt[[:space:]]*' $mode.plan)" -ge 3 ]; done
	for mode in default full; do grep -q '^memcpy-mt:size=67108864,.*threads=0' $mode.plan; done
}

@test "messages that can't be written, and closed descriptors, keep nothing from being measured" {
	scripted_job
	cp base.json new.json
	stub make 'echo "make: something to say"; echo said >>'"$PWD"'/made'
	for where in '2>&-' '2>/dev/full' '<&-' '<&- 2>&-'; do
		rm -rf r
		: >made
		status=0
		bash -c '"$@" '"$where" sh tree/scripts/bench.sh --quick --where host --no-install --out r >stdout || status=$?
		[ "$status" -eq 0 ]
		[ -s made ]
		jq -e '.run.complete and ([.not_measured[]? | select(.failed)] == [])' r/result.json
	done
}

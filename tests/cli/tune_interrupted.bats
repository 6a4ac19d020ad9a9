#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/tune.sh killed, interrupted, or started twice: the originals survive.
# shellcheck disable=SC2154 # set by helpers.bash and by bats

load helpers
load tune_tree

setup() {
	make_tree
}

# Killed at its Nth step: after the state was saved, in the middle of writing a setting,
# between any two of them, while it writes the state or reports. That is done from outside:
# bash reads this file first.
kill_at() {
	cat >"$BATS_TEST_TMPDIR/killer" <<-'END'
		step() {
			steps=$((${steps:-0} + 1))
			if [[ $BASHPID == "$$" && $steps -ge $KILL_AT ]]; then kill "-$KILL_BY" $$; fi
		}
		printf() {
			step
			builtin printf "$@"
		}
		mv() {
			command mv "$@"
			step
		}
	END
	BASH_ENV=$BATS_TEST_TMPDIR/killer KILL_AT=$1 KILL_BY=$2 tune "${@:3}"
}

@test "killed outright at any point of set, reset puts everything back" {
	local point changed=0 saved_only=0
	for ((point = 1; ; point++)); do
		kill_at "$point" KILL set --smt --idle
		[[ $status -ne 0 ]] || break
		status_is 137
		if as_before >/dev/null; then
			[[ ! -e $state ]] || saved_only=1
		else
			changed=$((changed + 1))
			# Whatever was changed was saved before.
			[[ -e $state ]]
		fi
		tune reset
		status_is 0
		as_before
	done
	# It was indeed killed in the middle: before the first setting, and between settings.
	[[ $saved_only -eq 1 && $changed -ge 5 ]]
	tune reset
	as_before
}

@test "killed outright at any point of reset, another reset does the rest" {
	local point halves=0
	for ((point = 1; ; point++)); do
		tune set
		kill_at "$point" KILL reset
		[[ $status -ne 0 ]] || break
		status_is 137
		as_before >/dev/null || halves=$((halves + 1))
		tune reset
		status_is 0
		as_before
	done
	[[ $halves -ge 3 ]]
	as_before
}

@test "interrupted by a signal, set puts everything back itself" {
	local point restored=0
	for ((point = 1; point < 100; point++)); do
		kill_at "$point" TERM set --smt
		[[ $status -ne 0 ]] || break
		status_is 143
		as_before
		if [[ $stderr == *"putting everything back"* ]]; then restored=$((restored + 1)); fi
		[[ ! -e $state ]] || tune reset
	done
	[[ $restored -ge 3 && $point -lt 100 ]]
}

@test "two at once wait for each other, and the originals survive" {
	local pids=() i
	for i in 1 2 3 4; do
		DMABENCH_SYSROOT=$tree DMABENCH_TUNE_STATE=$state "$top/scripts/tune.sh" set >/dev/null 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	tune reset
	status_is 0
	as_before
}

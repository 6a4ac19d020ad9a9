#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# How the tests are run: beside each other, judged by what they said, none left behind.

load helpers

# runner JOBS SECONDS: the jobs of the file "jobs", and the counts.
setup() {
	cd "$BATS_TEST_TMPDIR"
	cat >runner <<-END
		#!/usr/bin/env bash
		set -euo pipefail
		root=\$PWD jobs=\$1 seconds=\$2
		source "$top/scripts/test/jobs.sh"
		mkdir -p "\$logs"
		says() { printf '%s\n' "\$@"; }
		source ./jobs
		wait_jobs
		echo "\$passed passed, \$failed failed, \$skipped skipped"
	END
	chmod +x runner
}

counts() {
	[ "${lines[-1]}" = "$1" ] || {
		printf '%s instead of %s\n' "${lines[-1]}" "$1"
		return 1
	}
}

@test "what each job said is counted, and shown where it isn't ok" {
	cat >jobs <<-'END'
		run_tap good says 1..2 "ok 1 a" "ok 2 b # SKIP no such thing"
		run_tap bad says 1..3 "ok 1 c" "not ok 2 d" "# why" "not ok 3 e # SKIP"
	END
	run ./runner 2 0
	status_is 0
	counts "2 passed, 1 failed, 2 skipped"
	[[ $output == *"bad: not ok 2 d"*"bad: # why"* ]]
	grep -q "not ok 2 d" build/test/failures
	! grep -q "not ok 3 e" build/test/failures
}

@test "each job has an empty folder of its own" {
	cat >jobs <<-'END'
		leave() {
			[ -z "$(ls -A "$out")" ] || return 1
			sleep 0.2
			echo "$1" >"$out/left"
			echo 1..1
			echo "ok 1 $1"
		}
		run_tap one/first leave first
		run_tap one/second leave second
	END
	run ./runner 2 0
	counts "2 passed, 0 failed, 0 skipped"
	grep -q first build/test/one/first.out/left
	grep -q second build/test/one/second.out/left
}

@test "a job that ends early, says nothing, or fails without having said so is a failure" {
	cat >jobs <<-'END'
		dies() { echo 1..1; echo "ok 1"; return 7; }
		run_tap early says 1..2 "ok 1"
		run_tap silent true
		run_tap dying dies
		run_tap killed sh -c 'echo 1..1; echo ok 1; kill -9 $$'
	END
	run ./runner 2 0
	status_is 0
	counts "3 passed, 4 failed, 0 skipped"
	[[ $output == *"early ended with status 0 after 1 of 2 tests"* ]]
	[[ $output == *"dying ended with status 7"* && $output == *"killed ended with status 137"* ]]
}

# Each waits for the other to have begun: one at a time they never would.
@test "jobs run beside each other, as many as asked for" {
	cat >jobs <<-'END'
		meet() { touch "$1"; for ((n = 0; n < 300; n++)); do [ ! -e "$2" ] || break; sleep 0.1; done
			[ -e "$2" ] && says 1..1 "ok 1"; }
		run_tap one meet one two
		run_tap two meet two one
	END
	run ./runner 2 0
	counts "2 passed, 0 failed, 0 skipped"
	cat >jobs <<-'END'
		alone() { mkdir busy && sleep 0.2 && rmdir busy && says 1..1 "ok 1"; }
		run_tap one alone
		run_tap two alone
		run_tap three alone
	END
	run ./runner 1 0
	counts "3 passed, 0 failed, 0 skipped"
}

@test "once the time is over nothing is started, and each is named" {
	cat >jobs <<-'END'
		late() { sleep 1.1; says 1..1 "ok 1"; }
		run_tap first late
		run_tap second says 1..1 "ok 1"
		run_quietly build touch built || true
	END
	run ./runner 1 1
	status_is 0
	counts "1 passed, 0 failed, 2 skipped"
	[[ $output == *"skipped second: not started, as 1 s were over"* ]]
	[[ $output == *"skipped build: not started"* && ! -e built ]]
}

@test "an interrupt reaches the jobs, isn't ignored in them, and none is left" {
	cat >jobs <<-'END'
		run_tap one bash -c 'trap "echo asked >asked; exit" TERM; sleep 1000 & echo $! >one; wait'
		run_tap two bash -c 'trap "exit" INT; echo $$ >two; while :; do sleep 1; done'
	END
	# In the background a shell ignores it, and so would all that is started by it.
	env --default-signal=INT ./runner 2 0 &
	eventually test -s one
	eventually test -s two
	# What a job sends itself isn't ignored.
	kill -INT "$(cat two)"
	eventually grep -qs "two ended with status 0 after 0 of 0" build/test/failures
	kill -TERM $!
	wait $! || [ $? -eq 143 ]
	eventually test -e asked
	eventually sh -c '! kill -0 "$(cat one)"'
}

@test "bad arguments: exit 2 before anything is installed or run" {
	for arguments in "--jobs 0" "--jobs" "--jobs x" "--seconds -1" "--seconds 12345678" "nosuch"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$top/scripts/test.sh" --no-install $arguments
		status_is 2
		[ -z "$output" ]
	done
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $root, $jobs and $seconds are scripts/test.sh's
#
# Tests run beside each other, a few at a time, and what they said. A job is a command that
# speaks TAP; its output is in build/test, and it is judged when it has ended.
#
# Nothing is started once $seconds are over: what wasn't is counted as skipped, by name.

logs=$root/build/test
failures=$logs/failures
passed=0
failed=0
skipped=0
declare -A job_name=() job_began=()

# run_tap NAME COMMAND...: a job, as soon as fewer than $jobs run. $out is a folder of its own, empty.
run_tap() {
	local name=$1 log=$logs/$1.tap out=$logs/$1.out
	shift
	while [[ ${#job_name[@]} -ge $jobs ]]; do wait_job; done
	! too_late "$name" || return 0
	mkdir -p "$out"
	# A process group of its own, in which an interrupt isn't ignored: tests send some.
	set -m
	{ "$@" || exit; } >"$log" 2>"$log.err" </dev/null &
	set +m
	job_name[$!]=$name
	job_began[$!]=$SECONDS
}

# too_late NAME: whether it mustn't be started any more, which is then said.
too_late() {
	[[ $seconds -gt 0 && $SECONDS -ge $seconds ]] || return 1
	skip_job "$1" "not started, as $seconds s were over"
}

skip_job() { # NAME REASON
	printf 'skipped %s: %s\n' "$1" "$2"
	skipped=$((skipped + 1))
}

# The next job to end.
wait_job() {
	local pid='' status=0 name took
	wait -n -p pid "${!job_name[@]}" || status=$?
	name=${job_name[$pid]}
	took=$((SECONDS - job_began[$pid]))
	unset "job_name[$pid]" "job_began[$pid]"
	printf '# %s (%s s)\n' "$name" "$took"
	judge "$name" "$status"
}

wait_jobs() {
	while [[ ${#job_name[@]} -gt 0 ]]; do wait_job; done
}

# Nothing that was started outlives an interrupted run.
end_jobs() {
	local pid
	for pid in "${!job_name[@]}"; do
		kill -TERM -- "-$pid" 2>/dev/null || true
	done
	wait
}
trap 'end_jobs; exit 130' INT
trap 'end_jobs; exit 143' TERM

# judge NAME STATUS: count what a job said; show what isn't ok. A "not ok" that says SKIP is how
# cmocka skips. A job that ends without having said how is a failure, whatever it said before.
judge() {
	local name=$1 status=$2 log=$logs/$1.tap planned seen skips fails oks last=5
	skips=$(grep -acE '^(not )?ok .*# SKIP' "$log" || true)
	oks=$(grep -aE '^ok ' "$log" | grep -acvE '# SKIP' || true)
	fails=$(grep -aE '^not ok ' "$log" | grep -acvE '# SKIP' || true)
	planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
	seen=$((oks + fails + skips))
	if [[ $seen -ne $planned || $planned -eq 0 || ($status -ne 0 && $fails -eq 0) ]]; then
		printf 'not ok %s ended with status %s after %s of %s tests\n' \
			"$name" "$status" "$seen" "$planned" | tee -a "$failures"
		fails=$((fails + 1))
		last=30
	fi
	awk -v name="$name" '/^(not )?ok .*# SKIP/ { print "skipped " name ": " $0; show = 0 }' "$log"
	awk -v name="$name" '/^(not )?ok .*# SKIP/ { show = 0; next }
		/^not ok / { show = 1 } /^ok / { show = 0 } show { print name ": " $0 }' "$log" |
		tee -a "$failures"
	[[ $fails -eq 0 ]] || tail -n "$last" "$log.err" | sed 's/^/# /' | tee -a "$failures"
	passed=$((passed + oks))
	skipped=$((skipped + skips))
	failed=$((failed + fails))
}

# A step that isn't a test, which is waited for: says nothing unless it fails, which is a failure.
run_quietly() {
	local log=$logs/$1.log
	! too_late "$1" || return 1
	mkdir -p "$(dirname "$log")"
	if ! "${@:2}" >"$log" 2>&1 </dev/null; then
		{
			printf 'not ok %s\n' "$1"
			tail -n 30 "$log" | sed 's/^/# /'
		} | tee -a "$failures"
		failed=$((failed + 1))
		return 1
	fi
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the tests. Every suite speaks TAP; what failed is shown, and the last line
# counts all of them.
#
# usage: scripts/test.sh [--no-install] [SUITE...]
#
#   unit      parts of the harness, by cmocka
#   cli       the commands and scripts, by bats
#   plots     pictures and report, by bats
#   guest     the driver in a QEMU guest, on both kernels
#   arm64     the driver on the engines of arm64 boards, in QEMU guests
#   check     what make check does, as one test
#   mutations the driver broken on purpose: its tests must see it (minutes)
#   debug     the driver in the debug guest (docs/testing.md), in a size for each change
#   debug-all the same in each mode on both debug kernels
#
# The first four without arguments. Logs are under build/test. A suite that ends
# without having said how is a failure, whatever it printed before.
set -euo pipefail

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/test/guest.sh
source "$root/scripts/test/guest.sh"
# shellcheck source=scripts/test/guest_numa.sh
source "$root/scripts/test/guest_numa.sh"
# shellcheck source=scripts/test/guest_engines.sh
source "$root/scripts/test/guest_engines.sh"
# shellcheck source=scripts/test/guest_limit.sh
source "$root/scripts/test/guest_limit.sh"
# shellcheck source=scripts/test/guest_async.sh
source "$root/scripts/test/guest_async.sh"
# shellcheck source=scripts/test/guest_gate.sh
source "$root/scripts/test/guest_gate.sh"
# shellcheck source=scripts/test/sweeps.sh
source "$root/scripts/test/sweeps.sh"
# shellcheck source=scripts/test/debug.sh
source "$root/scripts/test/debug.sh"
# shellcheck source=scripts/test/arm64.sh
source "$root/scripts/test/arm64.sh"

logs=$root/build/test
failures=$logs/failures
passed=0
failed=0
skipped=0

# run_tap NAME COMMAND...: count what it says; show what isn't ok. A "not ok" that says
# SKIP is how cmocka skips.
run_tap() {
	local name=$1 log=$logs/$1.tap status=0 planned seen skips fails oks last=5
	shift
	printf '# %s\n' "$name"
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>"$log.err" </dev/null || status=$?
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

# A step that isn't a test: says nothing unless it fails, which is a failure.
run_quietly() {
	local log=$logs/$1.log
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

suite_unit() {
	local test
	run_quietly unit/build make -C "$root" --no-print-directory unit || return 0
	for test in "$root"/tests/unit/test_*.c; do
		test=$(basename "$test" .c)
		run_tap "unit/$test" env CMOCKA_MESSAGE_OUTPUT=TAP "$root/build/tests/unit/$test"
	done
}

suite_cli() {
	local test
	run_quietly cli/build make -C "$root" --no-print-directory bench || return 0
	for test in "$root"/tests/cli/*.bats; do
		run_tap "cli/$(basename "$test" .bats)" bats --tap "$test"
	done
}

suite_plots() {
	local test
	for test in "$root"/tests/plots/*.bats; do
		run_tap "plots/$(basename "$test" .bats)" bats --tap "$test"
	done
}

check_as_tap() {
	echo 1..1
	if "$root/scripts/check.sh" >&2; then echo "ok 1 make check"; else
		echo "not ok 1 make check"
		return 1
	fi
}

suite_check() {
	run_tap check check_as_tap
}

suite_mutations() {
	run_tap mutations "$root/scripts/test/mutations.sh"
}

main() {
	local suite suites=() setup=("$root/scripts/setup.sh") uses=(test) use
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help)
			help_of "$0"
			exit 0
			;;
		--no-install) setup+=(--no-install) ;;
		unit | cli | plots | guest | check | mutations | debug | debug-all) suites+=("$1") ;;
		arm64)
			suites+=("$1")
			uses+=(arm64)
			;;
		*) usage_error "unknown argument $1" ;;
		esac
		shift
	done
	[[ ${#suites[@]} -gt 0 ]] || suites=(unit cli plots guest)
	local code
	for use in "${uses[@]}"; do
		code=0
		"${setup[@]}" --for "$use" || code=$?
		# 3: one can do without what is missing.
		[[ $code -eq 0 || $code -eq 3 ]] || exit "$code"
	done
	rm -rf "$logs"
	mkdir -p "$logs"
	cd "$root"
	for suite in "${suites[@]}"; do
		"suite_${suite//-/_}"
	done
	# Again at the end, where whoever sees only that finds it.
	if [[ -s $failures ]]; then
		printf '# What failed, of %s:\n' "$failures"
		head -n 150 "$failures"
	fi
	printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
	[[ $failed -eq 0 && $passed -gt 0 ]]
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How often is dmabench compare wrong on this very machine, and what does it see? Suites of a
# few cases by dmabench pair, as gate.sh makes them, in three kinds by turns: the same build on
# both sides; NEW does 5 % more work; NEW does 10 % more. docs/gate.md says what came of it.
#
# usage: tests/rates/real.sh [options]           measure until there are enough suites
#        tests/rates/real.sh --tables [--out DIR]  the tables of DIR/rows.tsv, as Markdown
#
#   --suites N     of the same build; half as many of each slowed one (30)
#   --large        a case of 16 MiB too, which takes twice the time
#   --seconds N    begin no further suite after that time (any); the next call goes on
#   --seed N       of orders and patterns (from the clock)
#   --out DIR      where rows.tsv is, and is added to (build/rates/results)
#   -h, --help     this text
#
# A slowed build (make SLOWED=5 BUILD=DIR) copies that share of each copy's bytes once more. Each
# suite is decided in two designs, at two thresholds that were settled before anything was
# measured. Wants a quiet machine and 10 to 30 seconds a suite. Exit status: 0 there
# are enough suites; 2 wrong usage, or something can't be built, read or written; 3 there aren't
# yet; 128 plus the signal when interrupted: what was whole by then is in rows.tsv.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$root/scripts/lib/child.sh"
# shellcheck source=scripts/gate/cases.sh
source "$root/scripts/gate/cases.sh"

kinds=(0 5 10)
launches=20
thresholds=(2.5 5)
# Two that are quiet on most machines.
cases=(--path memcpy --size 64K --and --path nt --size 1M)
# Goes through what the whole machine shares, and takes as long as all others.
large_case=(--and --path memcpy --size 16M)
columns=(slowed round design case n change low high cv pair_cv sees floor
	verdict_2.5 needs_2.5 verdict_5 needs_5)

suites=30
seconds=
seed=
out=$root/build/rates/results
tables=no
work=

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--tables) tables=yes ;;
		--large) cases+=("${large_case[@]}") ;;
		--suites | --seconds | --seed | --out)
			need_value "$1" $#
			printf -v "${1#--}" '%s' "$2"
			shift
			;;
		-h | --help) show_help ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	[[ $suites =~ ^[1-9][0-9]{0,3}$ ]] || usage_error "--suites $suites: expected a number from 1 to 9999"
	[[ -z $seconds || $seconds =~ ^[0-9]{1,6}$ ]] || usage_error "--seconds $seconds: expected a number"
	[[ -z $seed || $seed =~ ^[0-9]{1,12}$ ]] || usage_error "--seed $seed: expected a number"
	seed=${seed:-$(($(date +%s%N) / 1000 % 1000000000))}
	rows=$out/rows.tsv
	[[ ! -e $rows || $(head -n 1 "$rows") == "$(header)" ]] ||
		usage_error "--out $out: rows.tsv isn't of this program"
}

header() {
	local IFS=$'\t'
	printf '%s\n' "${columns[*]}"
}

print_tables() {
	[[ -r $rows ]] || usage_error "--out $out: there is no rows.tsv"
	jq -R -n -r -f "$root/tests/rates/tables.jq" "$rows" || die "$rows can't be read" 2
}

# exe_of PERCENT
exe_of() {
	printf '%s\n' "${DMABENCH_RATES_BUILDS:-$root/build/rates}/slowed-$1/dmabench"
}

# What a build says it is must be what it was asked to be.
build_all() {
	local kind exe said
	for kind in "${kinds[@]}"; do
		exe=$(exe_of "$kind")
		make -C "$root" --no-print-directory BUILD="${exe%/*}" SLOWED="$kind" bench >"$work/make" 2>&1 ||
			die "building with SLOWED=$kind failed: $(tail -n 1 "$work/make")" 2
		said=$("$exe" --version)
		[[ $said == *"-slowed-by-$kind-percent "* ]] || die "$exe says it is $said" 2
	done
}

# compare_at THRESHOLD TO BASE [--paired]: whatever it decides.
compare_at() {
	local code=0 threshold=$1 to=$2 base=$3
	shift 3
	"$(exe_of 0)" compare "$@" --threshold "$threshold" --format json "$base" "$work/new.json" >"$to" || code=$?
	[[ $code -ne 2 ]] || die "a result can't be compared" 2
}

# rows_of KIND ROUND DESIGN BASE [--paired]
rows_of() {
	local kind=$1 round=$2 design=$3 base=$4
	shift 4
	compare_at "${thresholds[0]}" "$work/low" "$base" "$@"
	compare_at "${thresholds[1]}" "$work/high" "$base" "$@"
	jq -n -r --arg slowed "$kind" --arg round "$round" --arg design "$design" --slurpfile base "$base" \
		--slurpfile new "$work/new.json" --slurpfile low "$work/low" --slurpfile high "$work/high" \
		-f "$root/tests/rates/rows.jq"
}

# One suite, whose rows are added at once.
suite() { # KIND ROUND
	local code=0 lines
	run_child "$(exe_of 0)" pair --a "$(exe_of 0)" --b "$(exe_of "$1")" --out-a "$work/base.json" \
		--out-b "$work/new.json" --force --env host --mode gate --launches "$launches" \
		--seed "$((seed * 1000 + $2 * 3 + $1))" "${measuring[@]}" "${cases[@]}" >/dev/null || code=$?
	[[ $code -eq 0 ]] || exit "$code"
	lines=$(rows_of "$1" "$2" pairs "$work/base.json" --paired) || die "no rows of suite $2" 2
	# A baseline is the base of the suite before: another run, somewhat earlier.
	if [[ -e $out/before.json ]]; then
		compare_at "${thresholds[0]}" "$work/low" "$out/before.json"
		if jq -e .comparable "$work/low" >/dev/null; then
			lines+=$'\n'$(rows_of "$1" "$2" stored "$out/before.json") || die "no rows of suite $2" 2
		else
			warn "the machine isn't what it was in the suite before: no stored baseline for suite $2"
		fi
	fi
	[[ -e $rows ]] || header >"$rows"
	printf '%s\n' "$lines" >>"$rows"
	mv "$work/base.json" "$out/before.json"
	say "slowed by $1 %, suite $2: $(cut -f 3,13,15 <<<"$lines" | sort | uniq -c | awk '{ print $1 "x " $2 " " $3 " " $4 }' | paste -sd ';')"
}

have_suite() {
	[[ -e $rows ]] && grep -q "^$1"$'\t'"$2"$'\t' "$rows"
}

# next_suite KIND ROUND: unless it was measured before, or time is up.
next_suite() {
	! have_suite "$@" || return 0
	[[ -z $seconds || $SECONDS -lt $seconds ]] || exit 3
	suite "$@"
}

measure_all() {
	local round
	for ((round = 1; round <= suites; round++)); do
		next_suite 0 "$round"
		[[ $((round % 2)) -eq 1 ]] || continue
		next_suite 5 "$(((round + 1) / 2))"
		next_suite 10 "$(((round + 1) / 2))"
	done
}

# shellcheck disable=SC2317 # a trap calls it
on_exit() {
	local code=$?
	end_child
	[[ -z $work ]] || rm -rf "$work"
	exit "$code"
}

main() {
	read_options "$@"
	if [[ $tables == yes ]]; then
		print_tables
		return
	fi
	trap on_exit EXIT
	exit_on_signals
	make_folder "$out"
	work=$(mktemp -d "$out/work.XXXXXX")
	build_all
	measure_all
	print_tables
}

main "$@"

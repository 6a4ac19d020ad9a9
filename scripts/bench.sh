#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The main job: measure the DMA paths of this machine against CPU copies and copy on
# write, verify every byte, and draw what came of it.
#
# usage: scripts/bench.sh [options]
#
#   --quick | --full            few launches, or many and every axis (in between)
#   --where auto|host|vm|both   where to measure: auto is the host, and a QEMU guest for
#                               the driver's paths where the host can't load modules
#   --out DIR                   a folder for the results (build/results/DATE)
#   --no-install                only say what packages are missing
#   --baseline FILE             decide in the end whether this is slower than that result: its
#                               exit status is that of dmabench compare then (docs/gate.md)
#   --seed N                    of orders and patterns, to repeat a run
#   -h, --help                  this text
#
# Writes DIR/result.json (kept up to date while it runs, and marked complete only at
# the end), DIR/report.html, DIR/report.md and DIR/plots, with what of it could be had: what
# couldn't be measured is in both, with the reason. Exit status: 0 ok; 1 a copy failed its
# verification, or the harness a check of itself, a part of the report couldn't be made, there
# is no room for it, or a regression; 2 wrong usage, or DIR can't be made or written to;
# 3 nothing could be measured, or inconclusive; 4 not comparable; 124, 125 and 126 the guest
# failed, see scripts/vm.sh; 130 interrupted.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$root/scripts/lib/child.sh"
# shellcheck source=scripts/lib/driver.sh
source "$root/scripts/lib/driver.sh"
for part in ahead cases crossovers driver guest missing outside selfcheck; do
	# shellcheck source=/dev/null
	source "$root/scripts/bench/$part.sh"
done

mode=default
where=auto
out=
install=yes
seed=
baseline=
status=0
parts=()
finished=no
cases=()

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--quick | --full)
			[[ $mode == default || $mode == "${1#--}" ]] || usage_error "$1 after --$mode: expected one of them"
			mode=${1#--}
			;;
		--no-install) install=no ;;
		--where | --out | --seed | --baseline)
			need_value "$1" $#
			printf -v "${1#--}" '%s' "$2"
			shift
			;;
		-h | --help) show_help ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	case $where in
	auto | host | vm | both) ;;
	*) usage_error "--where $where: expected auto, host, vm or both" ;;
	esac
	[[ -z $baseline || (-r $baseline && ! -d $baseline) ]] ||
		usage_error "--baseline $baseline: expected a file that can be read"
	[[ -z $seed || $seed =~ ^[0-9]{1,15}$ ]] || usage_error "--seed $seed: expected a number"
	seed=${seed:-$(($(date +%s%N) / 1000 % 1000000000))}
	[[ ! -e $out/result.json && ! -e $out/parts ]] ||
		usage_error "--out $out: there are results already; choose another folder"
}

# rewrite FILE JQ-ARGUMENT...: a JSON file, at once or not at all (1).
rewrite() {
	local why
	why=$({ jq "${@:2}" <"$1" >"$1.new" && mv "$1.new" "$1"; } 2>&1) && return
	rm -f "$1.new"
	say "can't write $1${why:+: ${why##*: }}"
	return 1
}

step() {
	say "[$1/5] $2"
}

prepare() {
	local setup=("$root/scripts/setup.sh" --for bench) code=0
	step 1 "packages and build"
	[[ $install == yes ]] || setup+=(--no-install)
	"${setup[@]}" || code=$?
	# 3: one can do without what is missing.
	[[ $code -eq 0 || $code -eq 3 ]] || exit "$code"
	build_bench || die "the harness doesn't build in $root"
	try_baseline
	try_drawing
}

# The settings are the machine owner's: the result says what was in force, nothing here
# changes them.
hint_settings() {
	local code=0
	"$root/scripts/tune.sh" check >"$out/parts/settings.txt" 2>&1 || code=$?
	[[ $code -ne 1 ]] || say "some settings aren't best for measuring, see $out/parts/settings.txt;" \
		"$(called tune) set changes them, and reset puts them back"
}

measure_host() {
	local one=0
	step 2 "host: $(uname -m), $(nproc) CPUs"
	hint_settings
	load_driver
	host_cases
	# --part: it is not the whole yet, whatever happens to this script.
	run_child "$dmabench" run --part --env host --mode "$mode" --seed "$seed" "${cases[@]}" \
		--ids -o "$out/result.json" --force >"$out/parts/host.txt" || one=$?
	if [[ $mode == full ]]; then
		say "from which size on is one path faster?"
		measure_crossovers "$out/parts/crossovers.json" ||
			not_measured "from which size on a path is faster" "$out/parts/crossovers.json can't be written" 1
	fi
	keep_driver_log
	unload_driver
	keep_part host "$one" "$out/result.json" "dmabench run ended with status $one"
}

# keep_part ENV STATUS FILE REASON: what a part brought is kept, whatever it ended with; 1 and 3
# are its own verdict.
keep_part() {
	local why
	if [[ -s $3 ]] && jq -e . "$3" >/dev/null 2>&1; then
		if why=$(cp "$3" "$out/parts/$1.json" 2>&1); then
			parts+=("$out/parts/$1.json")
		else
			rm -f "$out/parts/$1.json"
			say "can't write $out/parts/$1.json: ${why##*: }"
			note_status 1
		fi
	fi
	case $2 in
	0 | 1 | 3) note_status "$2" ;;
	*) not_measured "$1" "$4" "$2" ;;
	esac
}

# A part is whole when all its launches were done; then the sum may be called complete.
finish_part() {
	rewrite "$1" '.run.complete = (.run.launches_done == .run.launches_planned)'
}

# What of the sum can't be written, as on a full disk, leaves the rest of it as it is.
merge_parts() {
	local merged=$out/parts/merged.json part code=0
	for part in ${parts[@]+"${parts[@]}"}; do finish_part "$part" || code=1; done
	# Without a sum at least what is missing is in the part that is there.
	{ [[ ${#parts[@]} -gt 0 ]] && "$root/scripts/report/merge.sh" "$merged" "${parts[@]}"; } || {
		[[ ! -s $out/result.json ]] || add_missing "$out/result.json" || true
		return 1
	}
	add_missing "$merged" || code=1
	add_outside "$merged" "$out/parts/outside.json" || code=1
	add_crossovers "$merged" "$out/parts/crossovers.json" || code=1
	add_self_checks "$merged" "$out/parts/selfcheck.json" || code=1
	rewrite "$merged" -r -f "$root/scripts/report/line_layout.jq" || code=1
	mv "$merged" "$out/result.json" && return "$code"
}

# shellcheck disable=SC2317 # a trap calls it
say_stopped() {
	if jq -e .run.complete "$out/result.json" >/dev/null 2>&1; then
		say "stopped; $out/result.json is complete, but its report isn't"
	else
		say "stopped; $out/result.json has what was measured, marked as incomplete"
	fi
}

# What an interrupted run leaves: what it had, incomplete, and the machine as it was.
# shellcheck disable=SC2317 # a trap calls it
on_exit() {
	local code=$?
	end_child
	unload_driver
	drop_out
	[[ $finished == yes || ! -e $out/result.json ]] || say_stopped
	exit "$code"
}

# Its verdict is the status, unless there is none and something else was wrong before.
gate_against() {
	local code=0
	"$dmabench" compare --format text --format json="$out/compare.json" \
		--format markdown="$out/compare.md" --format junit="$out/junit.xml" \
		"$1" "$out/result.json" || code=$?
	[[ $code -eq 0 ]] || status=$code
	[[ ! -s $out/compare.json ]] ||
		"$root/scripts/compare.sh" --verdict "$out/compare.json" --label baseline="$1" --label this="$out/result.json" \
			--out "$out" || note_status 1
}

wants_guest() {
	case $where in
	host) return 1 ;;
	vm | both) return 0 ;;
	esac
	! driver_is_usable
}

# What is held against the host's figures isn't measured without them.
lacks_host() {
	local part reason
	reason=$(write_problem)
	for part in "the same work from outside" "the harness's checks of itself"; do
		not_measured "$part" "the host's figures aren't there to hold against${reason:+ ($reason)}"
	done
}

measure() {
	[[ $where == vm ]] || measure_host
	if wants_guest; then measure_guest; fi
	[[ ${#parts[@]} -gt 0 || -s $out/result.json ]] || {
		note_status 3
		die "nothing could be measured" "$status"
	}
	step 4 "the same work seen from outside"
	if [[ ! -e $out/parts/host.json ]]; then
		[[ $where == vm ]] || lacks_host
		return 0
	fi
	if ! have hyperfine; then
		not_measured "the same work from outside" "there is no hyperfine (package hyperfine)"
	elif ! measure_outside "$out/parts/host.json" "$out/parts/outside.json"; then
		not_measured "the same work from outside" "$out/parts/outside.json can't be written" 1
	fi
	say "is the harness right?"
	check_harness "$out/parts/host.json" "$out/parts/selfcheck.json"
}

# Pictures and page, and what of them couldn't be made; the result is written by now.
report() {
	local what=report.html
	step 5 "report"
	merge_parts || {
		note_status 1
		[[ -s $out/result.json ]] || die "no result could be written"
		say "not all that was measured could be written: the report is of what $out/result.json has"
	}
	"$root/scripts/plot.sh" "$out/result.json" "$out/plots" || note_status 1
	"$root/scripts/report.sh" "$out/result.json" "$out" || note_status 1
	[[ -e $out/$what ]] || what=report.md
	[[ -e $out/$what ]] || what=result.json
	"$dmabench" answer "$out/result.json" || note_status 1
	say "done: $out/$what"
}

main() {
	read_options "$@"
	needs_utf8
	trap on_exit EXIT
	exit_on_signals
	take_out
	try_writing
	prepare
	measure
	report
	finished=yes
	[[ -z $baseline ]] || gate_against "$baseline"
	exit "$status"
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Results side by side on one page: of this machine before and after, or of several machines.
#
# usage: scripts/compare.sh [options] RESULT RESULT... [-- OPTION of dmabench compare...]
#
#   --label NAME=RESULT   a result that is called so on the page (else by its folder or file)
#   --out DIR             a folder for the page (build/compare/DATE)
#   --verdict FILE        of two results: what dmabench compare said of them (JSON; its Markdown is beside it,
#                         ending with md), instead of asking it; then only page and pictures are written
#   --gate                end with what dmabench compare says of the first result and the others
#   -h, --help            this text
#
# A RESULT is a file, or a folder that bench.sh wrote. The first is the base: results that may be
# compared with it (the same machine, the same conditions but those that --changed names) get the
# verdict of dmabench compare. Those that may not get the same tables and pictures without one, and
# what differs is said first. Eight results at most.
#
# Writes DIR/compare.html (self-contained), DIR/compare.md and DIR/plots; of two results also
# DIR/compare.json, what dmabench compare says of them. What is there of these names is replaced.
#
# Exit status: 0 written; 1 a picture or the page couldn't be made; 2 wrong usage or unreadable input;
# 3 no two results have a case in common. With --gate the worst status of dmabench compare: 0 no
# regression, 1 regression, 3 inconclusive, 4 not comparable.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/report/input.sh
source "$root/scripts/report/input.sh"
# shellcheck source=scripts/report/page.sh
source "$root/scripts/report/page.sh"
# shellcheck source=scripts/report/draw.sh
source "$root/scripts/report/draw.sh"
# shellcheck source=scripts/report/compare.sh
source "$root/scripts/report/compare.sh"

readonly most=8
results=()
labels=()
rules=()
out=
gate=no
verdict=
unfinished=

# A folder stands for the result in it.
add_result() { # RESULT [LABEL]
	local file=$1 i
	[[ ! -d $file ]] || file=${file%/}/result.json
	file=$(input_path "$file")
	for i in "${!results[@]}"; do
		# Once with a label and once without is one result, however its path is written.
		if [[ ${results[i]} == "$file" || ${results[i]} -ef $file ]] &&
			[[ -n ${2-} && -z ${labels[i]} || -z ${2-} && -n ${labels[i]} ]]; then
			labels[i]=${2:-${labels[i]}}
			return
		fi
	done
	results+=("$file")
	labels+=("${2-}")
}

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		--gate) gate=yes ;;
		--out | --verdict)
			need_value "$1" $#
			[[ -n $2 ]] || usage_error "$1 needs a value"
			printf -v "${1#--}" %s "$2"
			shift
			;;
		--label)
			need_value "$1" $#
			[[ ${2%%=*} == *[![:space:][:cntrl:]]* && $2 == *=?* ]] ||
				usage_error "--label ${2//[[:cntrl:]]/?}: expected NAME=RESULT"
			add_result "${2#*=}" "${2%%=*}"
			shift
			;;
		--)
			shift
			rules=("$@")
			break
			;;
		-*) usage_error "unknown option $1" ;;
		*) add_result "$1" ;;
		esac
		shift
	done
	[[ -z $out || ! -e $out || -d $out ]] || usage_error "--out $out: expected a folder"
	[[ ${#results[@]} -ge 2 ]] || usage_error "expected two results or more, got ${#results[@]}"
	[[ ${#results[@]} -le $most ]] ||
		usage_error "${#results[@]} results: expected $most at most on one page"
	[[ -z $verdict || ${#results[@]} -eq 2 ]] || usage_error "--verdict $verdict: expected two results, got ${#results[@]}"
	[[ -z $verdict || ${#rules[@]} -eq 0 ]] || usage_error "--verdict $verdict: expected no options of compare beside it"
	[[ -z $verdict || -f ${verdict%.json}.md ]] || usage_error "${verdict%.json}.md: expected the comparison in Markdown"
}

# Each a whole result, and none there twice: that one would be as fast as itself.
check_results() {
	local i j sums=()
	for i in "${!results[@]}"; do
		check_result compare.sh "${results[i]}"
		# Of what it says, however it is laid out.
		sums+=("$(jq -S -c . "${results[i]}" | cksum)")
		for ((j = 0; j < i; j++)); do
			# What was decided already was decided of whatever it is.
			[[ -n $verdict || ${sums[i]} != "${sums[j]}" ]] ||
				usage_error "${results[i]}: the same result as ${results[j]}"
		done
	done
}

# What isn't named is called by its folder or file; of several of a name each has its number.
name_results() {
	local i j name n
	for i in "${!results[@]}"; do
		[[ -z ${labels[i]} ]] || continue
		name=$(realpath -- "${results[i]}")
		[[ ${name##*/} != result.json ]] || name=${name%/*}
		name=${name##*/}
		labels[i]=${name%.json}
	done
	for i in "${!labels[@]}"; do
		n=1
		for ((j = 0; j < i; j++)); do
			[[ ${labels[j]} != "${labels[i]}" ]] || n=$((n + 1))
		done
		[[ $n -eq 1 ]] || labels[i]+=" ($n)"
	done
}

check_names() {
	local i j
	for i in "${!labels[@]}"; do
		for ((j = 0; j < i; j++)); do
			[[ -z ${labels[i]} || ${labels[i]} != "${labels[j]}" ]] ||
				usage_error "--label ${labels[i]}: two results are called so"
		done
	done
}

main() {
	local status=0
	read_options "$@"
	check_names
	check_results
	[[ -z $verdict ]] || check_comparison compare.sh "${results[@]}" "$(input_path "$verdict")"
	name_results
	find_dmabench
	[[ -n $out ]] || out=$statedir/compare/$(date -u +%Y%m%dT%H%M%SZ)
	out=$(input_path "$out")
	work=$(scratch "$out")
	trap 'rm -rf -- "$work" ${unfinished:+"$unfinished"}' EXIT
	# Nothing is written before all that can be wrong with the input was looked at.
	compare_all || status=$?
	comparison_page
	say "done: $out/compare.html"
	[[ $page_status -eq 0 ]] || exit 1
	if [[ $gate == yes ]]; then exit "$status"; fi
	exit "$described"
}

main "$@"

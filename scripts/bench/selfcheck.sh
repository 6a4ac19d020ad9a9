# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # $mode and $root are bench.sh's
#
# Is the harness right on this machine? Its checks of itself, beside the results. A quick
# run leaves out hyperfine and has fewer launches.

# check_harness RESULT TO: a check that is wrong is bench.sh's status 1. Undecided ones are said,
# and stand in the report; they make no figure wrong.
check_harness() {
	local result=$1 to=$2 code=0 size options=(--launches 12)
	case $mode in
	quick) options=(--launches 6 --only "verify,cost,slowed") ;;
	full) options=(--launches 20) ;;
	esac
	size=$(jq '[.cases[] | select(.status == "ok" and .class == "copy") | .params.size] | min // 4096' "$result")
	run_child_into "${to%.json}.txt" "${to%.json}.log" "$dmabench" selfcheck "${options[@]}" \
		--size "$size" --seed "$seed" --env host -o "$to" || code=$?
	case $code in
	0) ;;
	1)
		warn "THE HARNESS IS WRONG HERE, see ${to%.json}.txt"
		note_status 1
		;;
	3) say "some checks of the harness are undecided: too noisy here" ;;
	*)
		not_measured "the harness's checks of itself" "$(last_words "${to%.json}.log")" "$code"
		rm -f "$to"
		;;
	esac
}

add_self_checks() {
	[[ ! -s $2 ]] || rewrite "$1" --slurpfile checks "$2" '. + $checks[0]'
}

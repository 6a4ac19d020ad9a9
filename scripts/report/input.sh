# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What plot.sh, report.sh, merge.sh and their like accept. Sourced.

report_dir=$(dirname -- "${BASH_SOURCE[0]}")

# Whatever fails unforeseen, as on a full disk, is status 1, though jq ends with 2 then: that is
# said of wrong input alone.
set -E
trap 'exit 1' ERR

# jq and cat take a leading - for an option.
input_path() {
	case $1 in
	-*) printf './%s' "$1" ;;
	*) printf '%s' "$1" ;;
	esac
}

# Exits with 2 and one line on anything that is not a whole, sane result.
check_result() { # TOOL FILE [WHAT IT IS CALLED]
	local tool=$1 file=$2 name=${3-$2} problem
	needs_utf8
	if [[ ! -f $file || ! -r $file ]]; then
		message "$tool: $name: not a readable file"
		exit 2
	fi
	# shellcheck disable=SC2154 # common.sh's
	problem=$(jq -n -r -L "$report_dir" --slurpfile schema "$datadir/results/result.schema.json" \
		-f "$report_dir/check.jq" "$file" 2>&1) ||
		problem="not a result: ${problem##*: }"
	if [[ -n $problem ]]; then
		message "$tool: $name: ${problem%%$'\n'*}"
		exit 2
	fi
}

# made_of TOOL NAME JQ-ARGUMENT...: what jq makes of results that check_result() let pass. What it stumbles over all
# the same is wrong in them.
made_of() {
	local tool=$1 name=$2 said code=0
	shift 2
	{ said=$(jq "$@" 2>&1 >&3) || code=$?; } 3>&1
	[[ $code -ne 0 ]] || return 0
	if [[ $code -eq 5 ]]; then
		message "$tool: $name: not a result: ${said##*): }"
		exit 2
	fi
	message "$tool: $name: ${said##*$'\n'}"
	exit 1
}

# What dmabench answer says of a result, as JSON, of a file that check_result() let pass.
answer_of() { # TOOL FILE
	local dmabench=${DMABENCH:-$dmabench} said status=0
	if [[ ! -x $dmabench ]]; then
		message "$1: $dmabench isn't there: run make first"
		exit 1
	fi
	{ said=$("$dmabench" answer --json "$2" 2>&1 >&3) || status=$?; } 3>&1
	[[ $status -ne 2 ]] || {
		message "$1: ${said#dmabench answer: }"
		exit 2
	}
	[[ $status -eq 0 ]] || {
		message "$1: dmabench answer ended with $status"
		exit 1
	}
}

# The same of a comparison and the two results that it is about.
check_comparison() { # TOOL BASE NEW COMPARE
	local problem
	check_result "$1" "$2"
	check_result "$1" "$3"
	if [[ ! -f $4 || ! -r $4 ]]; then
		message "$1: $4: not a readable file"
		exit 2
	fi
	problem=$(jq -n -r --slurpfile base "$2" --slurpfile new "$3" -f "$report_dir/compare_check.jq" \
		"$4" 2>&1) || problem="not a comparison: ${problem##*: }"
	if [[ -n $problem ]]; then
		message "$1: $4: ${problem%%$'\n'*}"
		exit 2
	fi
}

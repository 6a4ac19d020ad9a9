# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What plot.sh, report.sh and merge.sh accept as a result. Sourced.

report_dir=$(dirname -- "${BASH_SOURCE[0]}")

usage_error() {
	echo "$1 (--help says more)" >&2
	exit 2
}

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
	if [[ ! -f $file || ! -r $file ]]; then
		echo "$tool: $name: not a readable file" >&2
		exit 2
	fi
	problem=$(jq -n -r -L "$report_dir" -f "$report_dir/check.jq" "$file" 2>&1) ||
		problem="not a result: ${problem##*: }"
	if [[ -n $problem ]]; then
		printf '%s: %s: %s\n' "$tool" "$name" "${problem%%$'\n'*}" >&2
		exit 2
	fi
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Puts the results of several environments (a host, its guest) into one file.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib/common.sh"
here=$root/scripts

usage() {
	cat <<-'END'
	usage: merge.sh OUT.json IN.json...

	Environments and cases must differ in their ids. The whole is complete only if
	each part is; results/README.md says what becomes of the other fields.
	OUT.json is replaced at once or not at all; it may be one of the inputs.

	Exit status: 0 written, 2 usage or unreadable input, 1 anything else.
	END
}

# shellcheck source=scripts/report/input.sh
. "$here/report/input.sh"

main() {
	case ${1-} in
	-h | --help) show_text "$(usage)" ;;
	esac
	(($# >= 2)) || usage_error "expected OUT.json and at least one IN.json, got $# arguments"
	local out input
	out=$(input_path "$1")
	shift
	local inputs=()
	for input in "$@"; do
		input=$(input_path "$input")
		check_result merge.sh "$input"
		inputs+=("$input")
	done

	work=$(mktemp "$out.XXXXXX")
	trap 'rm -f -- "$work"' EXIT
	into "$work" made_of merge.sh "the inputs together" -s -f "$here/report/merge.jq" "${inputs[@]}" || exit "$?"
	# Parts that are sane alone may still clash: the same id twice.
	check_result merge.sh "$work" "the inputs together"
	chmod 644 -- "$work"
	mv -- "$work" "$out"
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Writes what a result says: report.md, and report.html in one self-contained file.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/common.sh"
here=$root/scripts

usage() {
	as_called <<-'END'
	usage: scripts/report.sh RESULT.json OUTDIR

	Writes OUTDIR/report.md and OUTDIR/report.html. Pictures are taken from
	OUTDIR/plots, where plot.sh puts them; of one that is missing there it says why.
	Without cmark-gfm there is report.md alone, and status 1.

	Exit status: 0 written, 2 usage or unreadable input, 1 anything else.
	END
}

# shellcheck source=report/input.sh
. "$here/report/input.sh"
# shellcheck source=report/page.sh
. "$here/report/page.sh"

main() {
	case ${1-} in
	-h | --help) show_text "$(usage)" ;;
	esac
	(($# == 2)) || usage_error "expected RESULT.json and OUTDIR, got $# arguments"
	local result outdir answer text
	result=$(input_path "$1")
	outdir=$(input_path "$2")
	check_result report.sh "$result"
	answer=$(answer_of report.sh "$result") || exit "$?"
	text=$(made_of report.sh "$result" -r -L "$here/report" --argjson pictures "$(picture_names "$outdir/plots")" \
		--argjson undrawn "$(undrawn_pictures "$outdir/plots")" \
		--slurpfile answer <(printf '%s\n' "$answer") -f "$here/report/report.jq" "$result") || exit "$?"
	make_folder "$outdir"

	# Beside the target, so that mv replaces at once and no half report is ever seen.
	work=$(mktemp -d "$outdir/.report.XXXXXX")
	trap 'rm -rf -- "$work"' EXIT
	into "$work/report.md" printf '%s\n' "$text"
	if command -v cmark-gfm >/dev/null; then
		page "dmabench report" "$work/report.md" "$outdir" "$work/report.html"
		mv -- "$work/report.md" "$work/report.html" "$outdir/"
	else
		mv -- "$work/report.md" "$outdir/"
		rm -f -- "$outdir/report.html"
		message "report.sh: only report.md, as there is no cmark-gfm (package cmark-gfm)"
		exit 1
	fi
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Draws a result: one picture a question and environment, SVG and PNG.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/common.sh"
here=$root/scripts

usage() {
	as_called <<-'END'
	usage: scripts/plot.sh RESULT.json OUTDIR

	Writes OUTDIR/<question>-<environment>.svg and .png for each question that
	the result has data for: map, throughput, latency, cpu, stages, cow, cache,
	numa, neighbour, loaded, pipeline.
	Pictures of these names that are there already are replaced or removed.

	Exit status: 0 drawn, 2 usage or unreadable input, 1 anything else.
	END
}

# shellcheck source=report/input.sh
. "$here/report/input.sh"
# shellcheck source=report/draw.sh
. "$here/report/draw.sh"

questions=(map throughput latency cpu stages cow cache numa neighbour loaded pipeline)

main() {
	case ${1-} in
	-h | --help) show_text "$(usage)" ;;
	esac
	(($# == 2)) || usage_error "expected RESULT.json and OUTDIR, got $# arguments"
	local result answer pictures
	result=$(input_path "$1")
	check_result plot.sh "$result"
	answer=$(answer_of plot.sh "$result") || exit "$?"
	pictures=$(made_of plot.sh "$result" -c -L "$here/report" --slurpfile answer <(printf '%s\n' "$answer") \
		-f "$here/report/pictures.jq" "$result") || exit "$?"
	make_folder "$2"
	outdir=$(cd -- "$2" && pwd)

	work=$(mktemp -d "$outdir/.plot.XXXXXX")
	trap 'rm -rf -- "$work"' EXIT
	into "$work/pictures" printf '%s\n' "$pictures"

	local question
	for question in "${questions[@]}"; do
		rm -f -- "$outdir/$question"-*.svg "$outdir/$question"-*.png
		grep -q "\"template\":\"$question\"" "$work/pictures" ||
			message "plot.sh: no data for $question: no picture"
	done

	cd -- "$work"
	draw_pictures "$work/pictures" "$outdir"
}

main "$@"

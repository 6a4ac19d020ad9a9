#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Draws a result: one picture a question and environment, SVG and PNG.
set -euo pipefail
export LC_ALL=C.UTF-8

usage() {
	cat <<-'END'
	usage: plot.sh RESULT.json OUTDIR

	Writes OUTDIR/<question>-<environment>.svg and .png for each question that
	the result has data for: throughput, latency, cpu, stages, cow, cache, numa, neighbour.
	Pictures of these names that are there already are replaced or removed.

	Exit status: 0 drawn, 2 usage or unreadable input, 1 anything else.
	END
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
plots=$here/../plots
# shellcheck source=report/input.sh
. "$here/report/input.sh"

questions=(throughput latency cpu stages cow cache numa neighbour)

draw() { # NAME TEMPLATE: settings.gp and data.tsv are in the working directory
	local name=$1 template=$2
	gnuplot -c "$plots/$template.gp" "$plots" 2>gnuplot.log || {
		cat gnuplot.log >&2
		echo "plot.sh: gnuplot could not draw $name" >&2
		return 1
	}
	# One rendering for both, so that what was checked in one holds for the other.
	rsvg-convert --zoom 1.5 picture.svg -o picture.png
	mv -- picture.svg "$outdir/$name.svg"
	mv -- picture.png "$outdir/$name.png"
}

main() {
	case ${1-} in
	-h | --help) usage && exit 0 ;;
	esac
	(($# == 2)) || usage_error "plot.sh: expected RESULT.json and OUTDIR, got $# arguments"
	local result
	result=$(input_path "$1")
	check_result plot.sh "$result"
	mkdir -p -- "$2"
	outdir=$(cd -- "$2" && pwd)

	work=$(mktemp -d)
	trap 'rm -rf -- "$work"' EXIT
	jq -c -L "$here/report" -f "$here/report/pictures.jq" "$result" >"$work/pictures"

	local question
	for question in "${questions[@]}"; do
		rm -f -- "$outdir/$question"-*.svg "$outdir/$question"-*.png
		grep -q "\"template\":\"$question\"" "$work/pictures" ||
			echo "plot.sh: no data for $question: no picture" >&2
	done

	cd -- "$work"
	local picture name template
	while IFS= read -r picture; do
		name=$(jq -r .name <<<"$picture")
		template=$(jq -r .template <<<"$picture")
		jq -r .settings <<<"$picture" >settings.gp
		jq -j .data <<<"$picture" >data.tsv
		draw "$name" "$template"
	done <pictures
}

main "$@"

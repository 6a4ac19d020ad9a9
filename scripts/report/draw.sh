# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How the scripts that draw do it. Sourced; messages begin with the name of the script.

report_plots=$(dirname -- "${BASH_SOURCE[0]}")/../../plots
report_plots=$(cd -- "$report_plots" && pwd)

draw_one() { # NAME TEMPLATE OUTDIR: settings.gp and data.tsv are in the working directory
	gnuplot -c "$report_plots/$2.gp" "$report_plots" 2>gnuplot.log || {
		cat gnuplot.log >&2
		echo "${0##*/}: gnuplot could not draw $1" >&2
		return 1
	}
	# One rendering for both, so that what was checked in one holds for the other.
	rsvg-convert --zoom 1.5 picture.svg -o picture.png
	mv -- picture.svg "$3/$1.svg"
	mv -- picture.png "$3/$1.png"
}

# Draw each of the objects {name, template, settings, data} in a file, one a line.
draw_pictures() { # PICTURES OUTDIR, both absolute; the working directory is scratch space
	local picture name template
	while IFS= read -r picture; do
		name=$(jq -r .name <<<"$picture")
		template=$(jq -r .template <<<"$picture")
		jq -r .settings <<<"$picture" >settings.gp
		jq -j .data <<<"$picture" >data.tsv
		draw_one "$name" "$template" "$2"
	done <"$1"
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How the scripts that draw do it. Sourced; messages begin with the name of the script.

report_plots=$(dirname -- "${BASH_SOURCE[0]}")/../../plots
report_plots=$(cd -- "$report_plots" && pwd)

# Why nothing can be drawn here at all, or nothing.
no_drawing_reason() {
	if ! command -v gnuplot >/dev/null; then
		echo "there is no gnuplot (package gnuplot-nox)"
	elif ! command -v rsvg-convert >/dev/null; then
		echo "there is no rsvg-convert (package librsvg2-bin)"
	fi
}

draw_one() { # NAME TEMPLATE OUTDIR: settings.gp and data.tsv are in the working directory
	rm -f picture.svg picture.png
	{
		gnuplot -d -c "$report_plots/$2.gp" "$report_plots" &&
			# One rendering for both, so that what was checked in one holds for the other.
			rsvg-convert --zoom 1.5 picture.svg -o picture.png &&
			mv -- picture.png "$3/$1.png" && mv -- picture.svg "$3/$1.svg"
	} 2>draw.log || {
		rm -f -- "$3/$1.png" "$3/$1.svg"
		undrawn "$1" "$(tr -s '\n' ' ' <draw.log | tr -d '\000-\037' | cut -c 1-300)" "$3"
	}
}

# undrawn NAME REASON OUTDIR: said, and kept for the report.
undrawn() {
	echo "${0##*/}: no picture $1, because $2" >&2
	jq -cn --arg name "$1" --arg reason "$2" '{$name, $reason}' >>undrawn
	jq -s . undrawn >undrawn.json
	cp -- undrawn.json "$3/undrawn.json"
}

# Draw each of the objects {name, template, settings, data} in a file, one a line; status 1 if any
# couldn't be drawn.
draw_pictures() { # PICTURES OUTDIR, both absolute; the working directory is scratch space
	local name template settings data reason
	rm -f -- undrawn "$2/undrawn.json"
	reason=$(no_drawing_reason)
	# Texts may have any character in them: base64 has no tab. A file, as bash reads a pipe by bytes.
	jq -r '[.name, .template, (.settings, .data | @base64)] | @tsv' "$1" >drawings
	while IFS=$'\t' read -r name template settings data; do
		if [[ -n $reason ]]; then
			undrawn "$name" "$reason" "$2"
			continue
		fi
		base64 -d <<<"$settings" >settings.gp
		base64 -d <<<"$data" >data.tsv
		draw_one "$name" "$template" "$2"
	done <drawings
	[[ ! -s undrawn ]]
}

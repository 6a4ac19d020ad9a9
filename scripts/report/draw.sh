# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How the scripts that draw do it. Sourced; messages begin with the name of the script.

# shellcheck disable=SC2154 # common.sh's
report_plots=$datadir/plots

# Why nothing can be drawn here at all, or nothing.
no_drawing_reason() {
	if ! command -v gnuplot >/dev/null; then
		echo "there is no gnuplot (package gnuplot-nox)"
	elif ! command -v rsvg-convert >/dev/null; then
		echo "there is no rsvg-convert (package librsvg2-bin)"
	fi
}

# Settings and data are in base64; the working directory is scratch space.
draw_one() { # NAME TEMPLATE OUTDIR SETTINGS DATA
	local said
	rm -f picture.svg picture.png
	# Kept in memory: a full disk is among the reasons.
	said=$({
		base64 -d <<<"$4" >settings.gp && base64 -d <<<"$5" >data.tsv &&
			gnuplot -d -c "$report_plots/$2.gp" "$report_plots" &&
			# One rendering for both, so that what was checked in one holds for the other.
			rsvg-convert --zoom 1.5 picture.svg -o picture.png &&
			mv -- picture.png "$3/$1.png" && mv -- picture.svg "$3/$1.svg"
	} 2>&1) || {
		rm -f -- "$3/$1.png" "$3/$1.svg"
		said=$(tr -s '\n' ' ' <<<"$said" | tr -d '\000-\037' | cut -c 1-300)
		undrawn "$1" "${said:-what draws it failed and said nothing}"
	}
}

# undrawn NAME REASON: said, and kept for the report.
undrawn() {
	message "${0##*/}: no picture $1, because $2"
	not_drawn+=("$1" "$2")
}

# Draw each of the objects {name, template, settings, data} in a file, one a line; status 1 if any
# couldn't be drawn.
draw_pictures() { # PICTURES OUTDIR, both absolute; the working directory is scratch space
	local name template settings data reason not_drawn=()
	rm -f -- "$2/undrawn.json"
	reason=$(no_drawing_reason)
	# Texts may have any character in them: base64 has no tab. A file, as bash reads a pipe by bytes.
	into drawings jq -r '[.name, .template, (.settings, .data | @base64)] | @tsv' "$1"
	while IFS=$'\t' read -r name template settings data; do
		if [[ -n $reason ]]; then
			undrawn "$name" "$reason"
			continue
		fi
		draw_one "$name" "$template" "$2" "$settings" "$data"
	done <drawings
	[[ ${#not_drawn[@]} -gt 0 ]] || return 0
	jq -n '$ARGS.positional as $p | [range(0; $p | length; 2) | {name: $p[.], reason: $p[. + 1]}]' \
		--args "${not_drawn[@]}" >"$2/undrawn.json" || rm -f -- "$2/undrawn.json"
	return 1
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Writes what a result says: report.md, and report.html in one self-contained file.
set -euo pipefail
export LC_ALL=C.UTF-8

usage() {
	cat <<-'END'
	usage: report.sh RESULT.json OUTDIR

	Writes OUTDIR/report.md and OUTDIR/report.html. Pictures are taken from
	OUTDIR/plots, where plot.sh puts them; what is missing there is left out.

	Exit status: 0 written, 2 usage or unreadable input, 1 anything else.
	END
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=report/input.sh
. "$here/report/input.sh"

picture_names() { # DIR: a JSON array
	local picture
	for picture in "$1"/*.svg; do
		if [[ -f $picture ]]; then basename -- "$picture" .svg; fi
	done | jq -R . | jq -s -c .
}

# A link to a picture becomes the picture. Names are plain words, as plot.sh makes them.
inline_pictures() { # OUTDIR, on stdin and stdout
	local line name
	while IFS= read -r line; do
		while [[ $line =~ ^(.*)src=\"plots/([a-z0-9-]+)\.svg\"(.*)$ ]]; do
			name=${BASH_REMATCH[2]}
			printf '%ssrc="data:image/svg+xml;base64,' "${BASH_REMATCH[1]}"
			line=${BASH_REMATCH[3]}
			base64 -w 0 -- "$1/plots/$name.svg"
			printf '"'
		done
		printf '%s\n' "$line"
	done
}

page() { # OUTDIR: the HTML page around report.md
	cat <<-'END'
	<!DOCTYPE html>
	<html lang="en">
	<head>
	<meta charset="utf-8">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<title>dmabench report</title>
	<style>
	END
	cat -- "$here/report/report.css"
	printf '</style>\n</head>\n<body>\n'
	cmark-gfm --extension table "$work/report.md" | inline_pictures "$1"
	printf '</body>\n</html>\n'
}

main() {
	case ${1-} in
	-h | --help) usage && exit 0 ;;
	esac
	(($# == 2)) || usage_error "report.sh: expected RESULT.json and OUTDIR, got $# arguments"
	local result outdir
	result=$(input_path "$1")
	outdir=$(input_path "$2")
	check_result report.sh "$result"
	mkdir -p -- "$outdir"

	# Beside the target, so that mv replaces at once and no half report is ever seen.
	work=$(mktemp -d "$outdir/.report.XXXXXX")
	trap 'rm -rf -- "$work"' EXIT
	jq -r -L "$here/report" --argjson pictures "$(picture_names "$outdir/plots")" \
		-f "$here/report/report.jq" "$result" >"$work/report.md"
	page "$outdir" >"$work/report.html"
	mv -- "$work/report.md" "$work/report.html" "$outdir/"
}

main "$@"

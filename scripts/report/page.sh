# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Markdown and pictures into one self-contained HTML file. Sourced.

page_style=$(dirname -- "${BASH_SOURCE[0]}")/report.css

picture_names() { # DIR: a JSON array
	local picture
	for picture in "$1"/*.svg; do
		if [[ -f $picture ]]; then basename -- "$picture" .svg; fi
	done | jq -R . | jq -s -c .
}

# What plot.sh couldn't draw there, and why: a JSON array.
undrawn_pictures() { # DIR
	if [[ -s $1/undrawn.json ]]; then cat -- "$1/undrawn.json"; else echo '[]'; fi
}

# A link to a picture becomes the picture. Names are plain words, as plot.sh makes them.
inline_pictures() { # OUTDIR, on stdin and stdout
	local line name
	while IFS= read -r line; do
		while [[ $line =~ ^(.*)src=\"plots/([a-z0-9-]+)\.svg\"(.*)$ ]]; do
			name=${BASH_REMATCH[2]}
			printf '%ssrc="data:image/svg+xml;base64,' "${BASH_REMATCH[1]}"
			line=${BASH_REMATCH[3]}
			base64 -w 0 -- "$1/plots/$name.svg" || return
			printf '"'
		done
		printf '%s\n' "$line"
	done
}

page_head() { # TITLE
	cat <<-END &&
	<!DOCTYPE html>
	<html lang="en">
	<head>
	<meta charset="utf-8">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<title>$1</title>
	<style>
	END
		cat -- "$page_style" && printf '</style>\n</head>\n<body>\n'
}

# The HTML page around it; pictures are in OUTDIR/plots. Writes MARKDOWN.body; where that or the page can't be
# written nothing more is done. set -e isn't relied on.
page() { # TITLE MARKDOWN OUTDIR PAGE
	# Through a file: bash reads a pipe byte by byte.
	into "$2.body" cmark-gfm --extension table "$2" || die "cmark-gfm ended with status $?: no page"
	into "$4" whole_page "$1" "$2.body" "$3"
}

whole_page() { # TITLE BODY OUTDIR
	page_head "$1" && inline_pictures "$3" <"$2" && printf '</body>\n</html>\n'
}

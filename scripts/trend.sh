#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# When did the time of a case change? Over a folder of results of one machine: a report with
# the change points, and pictures.
#
# usage: scripts/trend.sh [--last N] [--alpha PERCENT] [--location WORD] [--like FILE] DIR OUTDIR
#
#   --last N           only the newest N runs (100)
#   --alpha PERCENT    chance of a false change point in all cases together (1)
#   --location WORD    of each launch's samples: min, p10, p25 or median (p10)
#   --like FILE        runs of machines like that of FILE, a name below DIR (the newest run's)
#   -h, --help         this text
#
# Reads DIR/*.json and DIR/*/result.json. What is no whole result, or of another machine than
# the newest, is left out and named. Writes OUTDIR/trend.md, OUTDIR/trend.json (results/
# trend.schema.json), OUTDIR/trend.html and OUTDIR/plots/trend-ENV.svg and .png, -2, -3 … where a
# page isn't enough; pictures of these names that are there already are replaced or removed.
#
# Exit status: 0 looked for changes, found or not; 2 wrong usage, or no result in DIR; 3 too
# few runs for any change to show (all of that is written, too); 1 anything else.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/report/page.sh
source "$root/scripts/report/page.sh"
# shellcheck source=scripts/report/draw.sh
source "$root/scripts/report/draw.sh"

dmabench=${DMABENCH:-$root/build/dmabench}
folders=()
options=()

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--last | --alpha | --location | --like)
			need_value "$1" $#
			options+=("$1" "$2")
			shift
			;;
		-h | --help)
			help_of "$0"
			exit 0
			;;
		-*) usage_error "unknown option $1" ;;
		*) folders+=("$1") ;;
		esac
		shift
	done
	[[ ${#folders[@]} -eq 2 ]] || usage_error "expected DIR and OUTDIR, got ${#folders[@]} folders"
	[[ -d ${folders[0]} ]] || usage_error "${folders[0]}: not a folder"
	[[ -n ${folders[1]} ]] || usage_error "expected OUTDIR, got no name"
	[[ -x $dmabench ]] || die "$dmabench isn't there: run make first"
}

picture_links() { # OUTDIR
	local name
	printf '\n## Pictures\n\n'
	while IFS= read -r name; do
		[[ $name != trend-* ]] || printf '![Time of each case by run](plots/%s.svg)\n\n' "$name"
	done < <(picture_names "$1/plots" | jq -r '.[]' | sort -V)
}

main() {
	local outdir status=0
	read_options "$@"
	work=$(scratch "${folders[1]}")
	trap 'rm -rf -- "$work"' EXIT
	"$dmabench" trend ${options[@]+"${options[@]}"} --format markdown="$work/trend.md" \
		--format json="$work/trend.json" --format text "${folders[0]}" || status=$?
	[[ $status -eq 0 || $status -eq 3 ]] || exit "$status"

	mkdir -p -- "${folders[1]}/plots"
	outdir=$(cd -- "${folders[1]}" && pwd)
	rm -f -- "$outdir"/plots/trend-*.svg "$outdir"/plots/trend-*.png
	jq -c -L "$root/scripts/report" -f "$root/scripts/report/trend_pictures.jq" "$work/trend.json" \
		>"$work/pictures"
	[[ -s $work/pictures ]] || say "no case has two runs with times that mean something: no picture"
	(cd -- "$work" && draw_pictures "$work/pictures" "$outdir/plots")
	{
		cat -- "$work/trend.md"
		picture_links "$outdir"
	} >"$work/page.md"
	page "dmabench trend" "$work/page.md" "$outdir" >"$work/trend.html"
	mv -- "$work/trend.md" "$work/trend.json" "$work/trend.html" "$outdir/"
	exit "$status"
}

main "$@"

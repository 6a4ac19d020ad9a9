#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Draw a comparison: both results by size, and the change of each case.
#
# usage: plot-compare.sh BASE.json NEW.json COMPARE.json OUTDIR
#
# COMPARE.json is what `dmabench compare --format json` says of the other two. Writes, as SVG
# and PNG, for each environment:
#   OUTDIR/compare-rate-ENV      throughput of copies, BASE and NEW, a panel a path
#   OUTDIR/compare-time-ENV      time of snapshots and moves; of all, where instructions are counted
#   OUTDIR/compare-change-ENV    change of each case with its interval, the worst first
# and -2, -3 and so on where a page isn't enough. What has no data has no picture. Pictures
# of these names that are there already are replaced or removed.
#
# Exit status: 0 drawn, 2 usage or unreadable input, 1 anything else.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/common.sh"
here=$root/scripts
# shellcheck source=report/input.sh
. "$here/report/input.sh"
# shellcheck source=report/draw.sh
. "$here/report/draw.sh"

main() {
	case ${1-} in
	-h | --help) help_of "$0" && exit 0 ;;
	esac
	(($# == 4)) || usage_error "plot-compare.sh: expected BASE.json, NEW.json, COMPARE.json and OUTDIR, got $# arguments"
	local base new compare outdir kind
	base=$(input_path "$1") new=$(input_path "$2") compare=$(input_path "$3")
	check_comparison plot-compare.sh "$base" "$new" "$compare"
	mkdir -p -- "$(input_path "$4")"
	outdir=$(cd -- "$(input_path "$4")" && pwd)

	work=$(mktemp -d "$outdir/.plot.XXXXXX")
	trap 'rm -rf -- "$work"' EXIT
	jq -n -c -L "$report_dir" -f "$report_dir/compare_pictures.jq" --slurpfile base "$base" \
		--slurpfile new "$new" --slurpfile cmp "$compare" >"$work/pictures"
	for kind in rate time change; do
		rm -f -- "$outdir/compare-$kind"-*.svg "$outdir/compare-$kind"-*.png
		grep -q "\"name\":\"compare-$kind-" "$work/pictures" ||
			echo "plot-compare.sh: no data for $kind: no picture" >&2
	done
	cd -- "$work"
	draw_pictures "$work/pictures" "$outdir"
}

main "$@"

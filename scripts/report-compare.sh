#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Put a comparison on one page: what compare says, and the pictures.
#
# usage: report-compare.sh DIR
#
# Reads DIR/base.json, DIR/new.json, DIR/compare.json and DIR/compare.md, as scripts/gate.sh
# writes them. Writes DIR/compare.html, which is self-contained, and the pictures in DIR/plots.
#
# Exit status: 0 written, 2 usage or unreadable input, 1 anything else.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/common.sh"
here=$root/scripts
# shellcheck source=report/input.sh
. "$here/report/input.sh"
# shellcheck source=report/page.sh
. "$here/report/page.sh"

picture_links() { # DIR: those of a comparison, changes first, then by page
	local kind name words
	printf '\n## Pictures\n\n'
	for kind in change rate time; do
		case $kind in
		change) words="Change of each case" ;;
		rate) words="Throughput by size, BASE and NEW" ;;
		time) words="Time by size, BASE and NEW" ;;
		esac
		while IFS= read -r name; do
			[[ $name == compare-$kind-* ]] || continue
			printf '![%s](plots/%s.svg)\n\n' "$words" "$name"
		done < <(picture_names "$1/plots" | jq -r '.[]' | sort -V)
	done
}

main() {
	case ${1-} in
	-h | --help) help_of "$0" && exit 0 ;;
	esac
	(($# == 1)) || usage_error "report-compare.sh: expected DIR, got $# arguments"
	local dir
	dir=$(input_path "$1")
	check_comparison report-compare.sh "$dir/base.json" "$dir/new.json" "$dir/compare.json"
	[[ -f $dir/compare.md && -s $dir/compare.md ]] || {
		echo "report-compare.sh: $dir/compare.md: not a file with a comparison" >&2
		exit 2
	}
	"$here/plot-compare.sh" "$dir/base.json" "$dir/new.json" "$dir/compare.json" "$dir/plots"

	# Beside the target, so that mv replaces at once and no half page is ever seen.
	work=$(mktemp -d "$dir/.compare.XXXXXX")
	trap 'rm -rf -- "$work"' EXIT
	{
		cat -- "$dir/compare.md"
		picture_links "$dir"
	} >"$work/page.md"
	page "dmabench comparison" "$work/page.md" "$dir" >"$work/compare.html"
	mv -- "$work/compare.html" "$dir/compare.html"
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Would another way of copying gain a program anything? What dmabench advise says, and a picture.
#
# usage: scripts/advise.sh [--anyway] PROFILE.json RESULT.json OUTDIR
#
#   --anyway      even if the result is of another machine
#   -h, --help    this text
#
# PROFILE.json is of dmabench profile, RESULT.json of dmabench run or scripts/bench.sh on the same
# machine. Writes OUTDIR/advice.txt, OUTDIR/advice.json (results/advice.schema.json) and
# OUTDIR/plots/advice.svg and .png: calls and bytes by size, with the sizes from which on another
# way is faster drawn in.
#
# Exit status: that of dmabench advise; 1 where the picture couldn't be drawn.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/report/draw.sh
source "$root/scripts/report/draw.sh"

dmabench=${DMABENCH:-$dmabench}
options=()
files=()

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--anyway) options+=("$1") ;;
		-h | --help) show_help ;;
		-*) usage_error "unknown option $1" ;;
		*) files+=("$1") ;;
		esac
		shift
	done
	[[ ${#files[@]} -eq 3 ]] || usage_error "expected PROFILE.json, RESULT.json and OUTDIR, got ${#files[@]} names"
	[[ ! -e ${files[2]} || -d ${files[2]} ]] || usage_error "${files[2]}: not a folder"
	[[ -x $dmabench ]] || die "$dmabench isn't there: run make first"
	needs_utf8
}

main() {
	local outdir status=0
	read_options "$@"
	work=$(scratch "${files[2]}")
	trap 'rm -rf -- "$work"' EXIT
	"$dmabench" advise ${options[@]+"${options[@]}"} --json "${files[0]}" "${files[1]}" >"$work/advice.json" || status=$?
	[[ -s $work/advice.json ]] || exit "$status"
	"$dmabench" advise ${options[@]+"${options[@]}"} "${files[0]}" "${files[1]}" >"$work/advice.txt" || true

	make_folder "${files[2]}/plots"
	outdir=$(cd -- "${files[2]}" && pwd)
	rm -f -- "$outdir"/plots/advice.svg "$outdir"/plots/advice.png
	into "$work/pictures" jq -c -L "$root/scripts/report" -f "$root/scripts/report/advice_pictures.jq" \
		"$work/advice.json" || exit 1
	(cd -- "$work" && draw_pictures "$work/pictures" "$outdir/plots") || status=1
	cat -- "$work/advice.txt"
	mv -- "$work/advice.txt" "$work/advice.json" "$outdir/"
	exit "$status"
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which machines stand out from others of their kind? Over a folder of results, one a machine: a
# report, and heat maps of machines and cases.
#
# usage: scripts/fleet.sh [--threshold PERCENT] [--location WORD] [--partial] DIR OUTDIR
#
#   --threshold PERCENT  smallest difference that counts (5)
#   --location WORD      of each launch's samples: min, p10, p25 or median (p10)
#   --partial            machines that can't be judged don't make it inconclusive
#   -h, --help           this text
#
# Reads DIR/*.json and DIR/*/result.json, as scripts/fleet/ansible.yml and slurm.sh bring them. Writes
# OUTDIR/fleet.md, OUTDIR/fleet.json (results/fleet.schema.json), OUTDIR/fleet.html and
# OUTDIR/plots/fleet-KIND.svg and .png, -2, -3 … where a page isn't enough; pictures of these names
# that are there already are replaced or removed.
#
# Exit status, that of dmabench fleet: 0 each machine was judged and none is worse; 1 some stand out
# for the worse; 2 wrong usage, or no result in DIR; 3 some couldn't be judged.
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
		--threshold | --location)
			need_value "$1" $#
			options+=("$1" "$2")
			shift
			;;
		--partial) options+=("$1") ;;
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
	[[ -x $dmabench ]] || die "$dmabench isn't there: run make first"
}

picture_links() { # OUTDIR
	local name
	printf '\n## Pictures\n\n'
	while IFS= read -r name; do
		[[ $name != fleet-* ]] || printf '![Machines and cases](plots/%s.svg)\n\n' "$name"
	done < <(picture_names "$1/plots" | jq -r '.[]' | sort -V)
}

main() {
	local outdir status=0
	read_options "$@"
	work=$(scratch "${folders[1]}")
	trap 'rm -rf -- "$work"' EXIT
	"$dmabench" fleet ${options[@]+"${options[@]}"} --format markdown="$work/fleet.md" \
		--format json="$work/fleet.json" --format text "${folders[0]}" || status=$?
	[[ $status -eq 0 || $status -eq 1 || $status -eq 3 ]] || exit "$status"

	mkdir -p -- "${folders[1]}/plots"
	outdir=$(cd -- "${folders[1]}" && pwd)
	rm -f -- "$outdir"/plots/fleet-*.svg "$outdir"/plots/fleet-*.png
	jq -c -L "$root/scripts/report" -f "$root/scripts/report/fleet_pictures.jq" "$work/fleet.json" \
		>"$work/pictures"
	[[ -s $work/pictures ]] || say "no kind has two machines with times that mean something: no picture"
	(cd -- "$work" && draw_pictures "$work/pictures" "$outdir/plots")
	{
		cat -- "$work/fleet.md"
		picture_links "$outdir"
	} >"$work/page.md"
	page "dmabench fleet" "$work/page.md" "$outdir" >"$work/fleet.html"
	mv -- "$work/fleet.md" "$work/fleet.json" "$work/fleet.html" "$outdir/"
	exit "$status"
}

main "$@"

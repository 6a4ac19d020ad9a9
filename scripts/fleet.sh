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
# shellcheck source=scripts/report/folder_page.sh
source "$root/scripts/report/folder_page.sh"

dmabench=${DMABENCH:-$dmabench}
folders=()
options=()

main() {
	read_folder_options "--threshold --location" "--partial" "$@"
	folder_page fleet "Machines and cases" "no kind has two machines with times that mean something: no picture" 0 1 3
}

main "$@"

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
# shellcheck source=scripts/report/folder_page.sh
source "$root/scripts/report/folder_page.sh"

dmabench=${DMABENCH:-$dmabench}
folders=()
options=()

main() {
	read_folder_options "--last --alpha --location --like" "" "$@"
	folder_page trend "Time of each case by run" "no case has two runs with times that mean something: no picture" 0 3
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Does each folder of the harness use only what it may, and no file, of the driver neither, what
# uses it? The table is CONTRIBUTING.md's: a folder a row, the highest first. The driver's providers
# use nothing of the driver.
#
# usage: scripts/dev/layers.sh [TREE]    (this one)
#
# Exit status: 0 it does, 1 each line that doesn't is named, 2 wrong usage.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

# "FOLDER USED USED…" of each row of the table, of the harness's folders alone.
table() {
	awk -F ' *[|] *' '$2 ~ /^`bench\// {
		gsub(/[`\/]|bench/, "", $2); gsub(/[`,]/, "", $4); print $2, $4 }' CONTRIBUTING.md
}

# "FILE LINE INCLUDED" of each include of ours, resolved as the compiler does.
includes() {
	local file line name
	while IFS=: read -r file line name; do
		name=${name#*\"}
		name=${name%%\"*}
		if [[ -e ${file%/*}/$name ]]; then
			name=${file%/*}/$name
			[[ $name != */../* ]] || name=$(realpath --relative-to=. "$name")
		elif [[ -e bench/$name ]]; then
			name=bench/$name
		else
			continue
		fi
		printf '%s %s %s\n' "$file" "$line" "$name"
	done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' --include='*.[ch]' bench driver)
}

# The table's own order: what a row may use stands below it, and each folder has a row.
check_table() {
	local folder
	for folder in bench/*/; do
		folder=${folder#bench/}
		grep -q "^${folder%/} " "$work/table" || echo "CONTRIBUTING.md: no row for bench/$folder"
	done
	awk '{ row[$1] = NR; line[NR] = $0 }
		END { for (i = 1; i <= NR; i++) { n = split(line[i], word, " ")
			for (j = 2; j <= n; j++)
				if (word[j] != "nothing" && word[j] != "everything" && row[word[j]] <= i)
					print "CONTRIBUTING.md: bench/" word[1] "/ may use " word[j] ", which isn'\''t below it" } }' "$work/table"
}

check_folders() {
	awk 'NR == FNR { for (i = 2; i <= NF; i++) may[$1, $i] = 1; next }
		{ split($1, from, "/"); split($3, to, "/") }
		from[1] == "driver" {
			if (from[2] == "providers" && to[2] != "providers")
				print $1 ":" $2 ": driver/providers/ may not use " $3
			next
		}
		from[2] != to[2] && !may[from[2], to[2]] && !may[from[2], "everything"] {
			print $1 ":" $2 ": bench/" from[2] "/ may not use " $3 }' "$work/table" "$work/includes"
}

# A .c and its .h are one.
check_circles() {
	sed -E 's/ [0-9]+ / /; s/\.[ch]( |$)/ /g' "$work/includes" | awk '$1 != $2' |
		{ tsort 2>&1 >/dev/null || true; } | sed 's/^tsort: -: /circle: /; s/^tsort: /	/'
}

main() {
	[[ $# -le 1 ]] || usage_error "expected one tree"
	case ${1-} in
	-h | --help) show_help ;;
	esac
	[[ -d ${1-$root} && -r ${1-$root}/CONTRIBUTING.md ]] || usage_error "${1-$root}: expected a tree with CONTRIBUTING.md"
	cd -- "${1-$root}"
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	table >"$work/table"
	includes >"$work/includes"
	[[ -s $work/table && -s $work/includes ]] || die "no table in CONTRIBUTING.md, or no harness"
	{
		check_table
		check_folders
		check_circles
	} >"$work/wrong"
	cat "$work/wrong"
	[[ ! -s $work/wrong ]]
}

main "$@"

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # $out is bench.sh's, $room_mib …
#
# What is only needed in the end, tried before anything is measured.

# MiB that a run writes at most, and a guest's files.
readonly room_mib=64 guest_mib=256

made_out=no
made_parts=no

# A folder of its own, also where another run begins in the same second.
take_out() {
	local name=$out n=1 why
	if [[ -z $out ]]; then
		name=$statedir/results/$(date -u +%Y%m%dT%H%M%SZ)
		make_folder "${name%/*}"
		out=$name
		until mkdir "$out" 2>/dev/null; do
			[[ -e $out ]] || die "can't make the folder $out: $(mkdir "$out" 2>&1)" 2
			out=$name-$((++n))
		done
		made_out=yes
	elif [[ ! -d $out ]]; then
		why=$(mkdir -p "$out" 2>&1) || die "can't make the folder $out: $why" 2
		made_out=yes
	fi
	out=$(cd "$out" && pwd -P)
	if mkdir "$out/parts" 2>/dev/null; then
		made_parts=yes
		return
	fi
	[[ ! -e $out/parts ]] || usage_error "--out $out: there are results already; choose another folder"
	die "can't write to $out: $(mkdir "$out/parts" 2>&1)" 2
}

# A run that wrote nothing leaves nothing.
drop_out() {
	[[ $made_parts == yes ]] || return 0
	rm -rf "$out"/parts/.dmabench.*
	rmdir "$out/parts" 2>/dev/null || return 0
	[[ $made_out == no ]] || rmdir "$out" 2>/dev/null || true
}

# lacks_room FOLDER MIB: what it has instead, or nothing.
lacks_room() {
	local free
	free=$(df -P -k -- "$1" | awk 'NR == 2 { print int($4 / 1024) }')
	[[ -z $free || $free -ge $2 ]] || printf '%s' "$1 has $free MiB of room left, and this takes up to $2"
}

try_writing() {
	local dir lack
	lack=$(lacks_room "$out" "$room_mib")
	[[ -z $lack ]] || die "$lack"
	dir=$(scratch "$out/parts") || die "no folder for temporary files"
	if [[ $dir == "$out"/* ]]; then export TMPDIR=$dir; else rmdir "$dir"; fi
}

# Can what is there draw and write a page? If not that is known now; the report has its tables
# all the same.
try_drawing() {
	local dir
	dir=$(mktemp -d "$out/parts/.dmabench.XXXXXX")
	(
		cd "$dir"
		printf '%s\n' 'set terminal svg' 'set output "a.svg"' 'plot x' | gnuplot -d &&
			[[ -s a.svg ]] && rsvg-convert a.svg -o a.png && [[ -s a.png ]] &&
			printf '|a|\n|-|\n' | cmark-gfm --extension table >a.html && grep -q '<table>' a.html
	) >"$dir/log" 2>&1 ||
		warn "the report will lack its pictures or its page: $(tail -n 1 "$dir/log")"
	rm -rf "$dir"
}

# What compare can't read is no baseline.
try_baseline() {
	local code=0
	[[ -n $baseline ]] || return 0
	"$dmabench" compare --format json "$baseline" "$baseline" >/dev/null || code=$?
	[[ $code -ne 2 ]] || exit 2
}

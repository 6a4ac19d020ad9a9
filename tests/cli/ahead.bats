#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What is needed in the end is tried before anything is measured. /proc plays a folder that is
# there and can't be written to, also by root.

load helpers
load scripted

setup() {
	root=$top
	cd "$BATS_TEST_TMPDIR"
	scripted_job
	cp base.json new.json
	# Whoever measures is written down.
	sed -i "2i echo \"\$1\" >>$PWD/calls" tree/build/dmabench
	: >calls
}

job() { # STATUS ARGUMENT...
	expect "$1" tree/scripts/bench.sh --quick --where host --no-install "${@:2}"
}

# refused STATUS TEXT ARGUMENT...: with this reason, and nothing was measured or left.
refused() {
	job "$1" "${@:3}"
	grep -qF -- "$2" stderr || { cat stderr && false; }
	run ! grep -q '^run$' calls
	[ ! -e r ]
}

@test "temporary files that can't be written go to the folder of results" {
	for dir in /proc /nonexistent "$PWD/base.json"; do
		rm -rf r
		TMPDIR=$dir job 0 --out r
		jq -e .run.complete r/result.json
		grep -q "$dir: temporary files go to" stderr
		[ "$(find r -name '.dmabench*' | wc -l)" -eq 0 ]
	done
}

@test "pictures, report and history need no folder for temporary files" {
	jq '.cases |= map(select(.path == "memcpy"))' "$top/tests/fixtures/good.json" >one.json
	export TMPDIR=/nonexistent
	"$top/scripts/plot.sh" one.json plots
	[ -s plots/throughput-host.svg ]
	"$top/scripts/report.sh" one.json .
	[ -s report.html ]
	mkdir history
	cp "$top/tests/fixtures/good.json" history/
	expect 3 "$top/scripts/trend.sh" history t
	[ -s t/trend.html ]
	[ "$(find t -name '.dmabench*' | wc -l)" -eq 0 ]
}

@test "a folder for results that can't be made or written to: 2, at once" {
	refused 2 "can't make the folder /proc/r" --out /proc/r
	refused 2 "can't write to /proc" --out /proc
	[ ! -s calls ]
}

@test "no room: 1, at once" {
	stub df 'printf "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 100000 99000 1024 99%% /\n"'
	refused 1 "has 1 MiB of room left" --out r
	[ ! -s calls ]
}

# warned TEXT: said before anything is measured, which then is.
warned() {
	rm -rf r
	job 0 --out r
	sed '/\[2\/5\]/,$d' stderr | grep -qF -- "$1" || { cat stderr && false; }
	jq -e .run.complete r/result.json
}

@test "tools that can't draw, or make a page: told before anything is measured" {
	stub gnuplot 'echo "no svg terminal" >&2; exit 1'
	warned "lack its pictures or its page: no svg terminal"
	rm stubs/gnuplot
	stub rsvg-convert 'echo "no fonts" >&2; exit 1'
	warned "no fonts"
	rm stubs/rsvg-convert
	stub cmark-gfm 'exit 1'
	warned "lack its pictures or its page"
}

@test "a baseline that is no result: 2, before anything is measured" {
	echo '{}' >none.json
	refused 2 none.json --baseline none.json --out r
}

@test "a folder that was there stays, whatever happens" {
	mkdir mine
	stub df 'printf "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 100000 99000 1024 99%% /\n"'
	job 1 --out mine
	[ -d mine ]
	[ -z "$(ls -A mine)" ]
}

@test "a baseline that can't be stored: 2, before the second run is made" {
	[ "$(type -t git)" = file ] || skip "no git"
	expect 2 "$top/scripts/gate.sh" --accept base.json --store /proc/nosuch/b.json
	grep -q "can't write beside /proc/nosuch/b.json" stderr
}

#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# One front door: commands that are scripts, and pages by --page. What is called is what was
# documented before, with the same words and statuses.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR"
}

# A tree of which only the scripts are asked, and each says what it was given.
echoing_tree() {
	local script
	mkdir -p tree/build tree/scripts
	cp "$dmabench" tree/build/
	for script in bench compare trend fleet advise gate; do
		# shellcheck disable=SC2016 # the script expands
		printf '%s\n' 'printf "%s:" "${0##*/}"; printf " <%s>" "$@"; echo; exit 7' >"tree/scripts/$script.sh"
	done
}

# said TEXT ARGUMENT...: that is what the script was given.
said() {
	run --separate-stderr tree/build/dmabench "${@:2}"
	status_is 7
	[[ $output == "$1" && -z $stderr ]] || {
		printf 'said:   %s\nwanted: %s\n' "$output" "$1"
		return 1
	}
}

@test "a script gets its arguments as they are, and its status is the command's" {
	echoing_tree
	said "bench.sh: <--quick> <--out> <a b> <> <*>" bench --quick --out "a b" "" "*"
	said "gate.sh: <--help>" gate --help
	said "gate.sh: <--help>" help gate
	said "bench.sh: <-h>" bench -h
}

@test "--page hands a command on to its script, wherever it stands" {
	echoing_tree
	said "compare.sh: <--out> <d> <a> <b> <-->" compare --page d a b
	said "compare.sh: <--out> <d> <a> <b> <--> <--threshold> <3> <--paired>" compare a --threshold 3 --page=d b --paired
	said "compare.sh: <--out> <d> <--label> <x=a> <b> <--gate> <--> <--changed=kernel> <--advisory>" \
		compare --label x=a --changed=kernel b --gate --page d -- --advisory
	said "trend.sh: <--last> <9> <runs> <d>" trend --last 9 --page d runs
	said "fleet.sh: <runs> <--partial> <d>" fleet runs --page d --partial
	said "advise.sh: <p> <r> <d>" advise p r --page d
}

@test "without --page they are what they were" {
	echoing_tree
	run --separate-stderr tree/build/dmabench compare a b
	status_is 2
	in_stderr "dmabench compare: a: "
	for command in compare trend fleet advise; do
		run --separate-stderr tree/build/dmabench "$command" --page
		status_is 2
		in_stderr "dmabench $command: \"--page\": expected --page DIR"
		run --separate-stderr tree/build/dmabench "$command" --help
		status_is 0
		[[ $output == *"  --page DIR  "* ]]
	done
	run --separate-stderr tree/build/dmabench table --page d x
	status_is 2
	in_stderr 'unknown argument "--page"'
}

@test "no script near the program: one line, and nothing run" {
	mkdir -p alone/bin
	cp "$dmabench" alone/bin/
	for words in "bench --quick" "trend --page d runs" "help gate"; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr alone/bin/dmabench $words
		status_is 2
		in_stderr "near this program"
		[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
	done
	run --separate-stderr alone/bin/dmabench help
	status_is 0
}

@test "a script that is neither root's nor the program's owner's nor one's own isn't run" {
	[[ $EUID -eq 0 ]] || skip "not root"
	echoing_tree
	chown 54321 tree/scripts/bench.sh
	run --separate-stderr tree/build/dmabench bench
	status_is 2
	in_stderr "belongs to somebody else"
	[[ -z $output ]]
	chown 54321 tree/build/dmabench
	said "bench.sh: <--quick>" bench --quick
}

@test "the page of a comparison is what compare.sh makes" {
	jq -f "$top/tests/fixtures/quiet.jq" "$top/tests/fixtures/good.json" >a.json
	jq '.run.seed += 1' a.json >b.json
	run --separate-stderr "$dmabench" compare --page by-command a.json b.json
	local code=$status
	run --separate-stderr "$top/scripts/compare.sh" --out by-script a.json b.json
	status_is "$code"
	[[ -s by-command/compare.md ]]
	diff by-command/compare.md by-script/compare.md
}

#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# dmabench selfcheck: its arguments, its file, and what a harness that is wrong looks like.

load helpers

setup() {
	root=$top
	dmabench=$root/build/dmabench
	cd "$BATS_TEST_TMPDIR"
}

# refused ARGUMENTS...: exit 2, one line on stderr, nothing on stdout, nothing written.
refused() {
	run --separate-stderr "$dmabench" selfcheck "$@"
	status_is 2
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ ! -e new ]
}

# The checks as part of a result that the schema knows.
validate() {
	jq --slurpfile checks "$1" '. + $checks[0]' "$root/tests/fixtures/good.json" >whole.json
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" whole.json
}

@test "bad arguments: exit 2, one line, nothing run, nothing written" {
	refused --only verify,speed -o new
	refused --only "" -o new
	refused --launches 5 -o new
	refused --launches 201 -o new
	refused --launches -o new
	refused --size 0 -o new
	refused --size 2G -o new
	refused --seed -1 -o new
	refused --env
	refused --fast -o new
	refused stray
	refused -o
}

@test "a file that is there is not overwritten without --force" {
	echo precious >there
	run --separate-stderr "$dmabench" selfcheck --only verify -o there
	status_is 2
	[ "$(cat there)" = precious ]
	"$dmabench" selfcheck --only verify -o there --force
	jq -e '.self_checks | length > 5' there
}

@test "a file that can't be written is an error" {
	run --separate-stderr "$dmabench" selfcheck --only verify -o none/new
	status_is 2
	run --separate-stderr "$dmabench" selfcheck --only verify -o /dev/full
	status_is 2
}

@test "every faulty copy is caught, a right one passes, exit 0, and the schema knows it" {
	run --separate-stderr "$dmabench" selfcheck --only verify --env lab -o s.json
	status_is 0
	[[ $output == *"verify-short"*"ok"* ]]
	jq -e '.self_checks | length == 10 and all(.verdict == "ok" and .measured == .expected and .env == "lab")' s.json
	jq -e '[.self_checks[].name] | index("verify-second-not") and index("verify-backwards")' s.json
	validate s.json
}

@test "comparisons have an interval and a verdict that follows from it" {
	run --separate-stderr "$dmabench" selfcheck --only cost,slowed --launches 6 -o s.json
	jq -e '.self_checks | map(.name) == ["cost", "slowed-25", "slowed-6"]' s.json
	jq -e 'all(.self_checks[]; .interval[0] <= .measured and .measured <= .interval[1] and
		.verdict == ((.expected - .tolerance) as $lo | (.expected + .tolerance) as $hi
			| if .interval[0] >= $lo and .interval[1] <= $hi then "ok"
			  elif .interval[1] < $lo or .interval[0] > $hi then "wrong"
			  else "undecided" end))' s.json
	# The status is that of the worst.
	status_is "$(jq '[.self_checks[].verdict] | if index("wrong") then 1
		elif index("undecided") then 3 else 0 end' s.json)"
	validate s.json
}

# hyperfine, but each process takes 3 s, whatever it does: no copy takes any time.
@test "a harness that disagrees with hyperfine is wrong: exit 1" {
	mkdir stubs
	cat >stubs/hyperfine <<-'END'
		#!/bin/sh
		while [ "$1" != --export-json ]; do shift; done
		echo '{"results": [{"median": 3.0}]}' >"$2"
	END
	chmod +x stubs/hyperfine
	run --separate-stderr env PATH="$PWD/stubs:$PATH" "$dmabench" selfcheck --only outside --launches 6 -o s.json
	status_is 1
	jq -e '.self_checks | length == 3 and all(.verdict == "wrong" and .measured == -100)' s.json
}

@test "without hyperfine nothing is decided: exit 3" {
	run --separate-stderr env PATH=/nowhere "$dmabench" selfcheck --only outside --launches 6 -o s.json
	status_is 3
	jq -e 'all(.self_checks[]; .verdict == "undecided" and .measured == null and
		(.detail | contains("not installed")))' s.json
	validate s.json
}

@test "checking paths can't be chosen" {
	run --separate-stderr "$dmabench" run --path check-short --size 4K
	status_is 2
	run "$dmabench" list
	[[ $output != *check-* ]]
}

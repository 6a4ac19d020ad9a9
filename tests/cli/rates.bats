#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# tests/rates/real.sh: what it keeps of suites that are scripted, and its tables of made-up ones.

load helpers

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	fixtures=$root/tests/fixtures
	real=$root/tests/rates/real.sh
	cd "$BATS_TEST_TMPDIR"
	case $BATS_TEST_DESCRIPTION in
	scripted:*) script_everything ;;
	esac
}

# A make that "builds" a program whose slowness is exact, and which decides for real.
script_everything() {
	mkdir bin
	export REAL=$root/build/dmabench STAGE=$PWD DMABENCH_RATES_BUILDS=$PWD/builds
	cat >bin/make <<-'END'
		#!/bin/bash
		for word in "$@"; do
			case $word in BUILD=*) install -D "$STAGE/program" "${word#BUILD=}/dmabench" ;; esac
		done
	END
	cat >program <<-'END'
		#!/bin/bash
		set -e
		percent_of() { percent=${1%/dmabench}; percent=${percent##*-}; }
		percent_of "$0"
		case $1 in
		--version) echo "dmabench 0.1.0-slowed-by-${LIES-$percent}-percent (beef)"; exit ;;
		pair) ;;
		*) exec "$REAL" "$@" ;;
		esac
		echo "$*" >>"$STAGE/log"
		[[ ! -e $STAGE/hang ]] || { echo $$ >"$STAGE/pid"; exec sleep 300; }
		[[ ! -e $STAGE/fail ]] || exit 1
		while [[ $# -gt 0 ]]; do
			case $1 in
			--b) percent_of "$2" ;;
			--out-*)
				jq --arg version "0.1.0-slowed-by-$percent-percent" --arg side "$1" --argjson percent "$percent" --arg id "$$" '
					.run.pair = {id: $id, side: $side, setup: null} | .run.seed = ($id | tonumber)
					| if $side == "--out-b" then .tool.version = $version
						| .cases[].launches[].ns_per_op[] *= 1 + $percent / 100 else . end' "$STAGE/base.json" >"$2" ;;
			esac
			shift
		done
	END
	chmod +x bin/make program
	PATH=$PWD/bin:$PATH
	jq -f "$fixtures/quiet.jq" "$fixtures/good.json" | jq '.cases |= map(select(.env == "host" and .path == "memcpy"
		and .status == "ok" and .params.size == 4096))' >base.json
	of_a_suite=$(jq '.cases | length' base.json)
}

rows() { tail -n +2 out/rows.tsv | wc -l; }

@test "a slowed build is asked for on the command line, in a folder of its own, and says so" {
	run --separate-stderr make -C "$root" SLOWED=5 bench
	status_is 2
	in_stderr 'SLOWED=5 wants a BUILD of its own'
	make -C "$root" --no-print-directory BUILD="$PWD/b" SLOWED=5 "$PWD/b/version.h"
	grep -qx '#define DMABENCH_SLOWED 5' b/version.h
	grep -Eqx '#define DMABENCH_VERSION "[0-9.]+-slowed-by-5-percent"' b/version.h
	SLOWED=5 make -C "$root" --no-print-directory BUILD="$PWD/c" "$PWD/c/version.h"
	grep -qx '#define DMABENCH_SLOWED 0' c/version.h
	run ! grep slowed-by c/version.h
}

@test "bad arguments: exit 2, one line, nothing written" {
	refused() {
		expect 2 "$real" "$@" --out out
		[ "$(wc -l <stderr)" -eq 1 ]
		[ ! -s stdout ]
		[ ! -e out/work ]
	}
	refused --nosuch
	for bad in 0 -1 x 10000 ""; do refused --suites "$bad"; done
	for bad in -1 x; do refused --seconds "$bad"; done
	refused --seed -1
	refused --tables
	mkdir out
	echo precious >out/rows.tsv
	refused
	[ "$(cat out/rows.tsv)" = precious ]
}

@test "scripted: suites in turns, each once, whoever counts; what is slower is found" {
	expect 3 "$real" --suites 2 --seconds 0 --out out
	[ ! -e out/rows.tsv ]
	expect 0 "$real" --suites 1 --out out
	# The first suite has no baseline yet.
	[ "$(rows)" -eq $((5 * of_a_suite)) ]
	expect 0 "$real" --suites 3 --out out
	[ "$(rows)" -eq $((13 * of_a_suite)) ]
	[ "$(cut -f 1,2 out/rows.tsv | tail -n +2 | uniq | tr '\t\n' '- ')" = "0-1 5-1 10-1 0-2 0-3 5-2 10-2 " ]
	[ "$(wc -l <log)" -eq 7 ]
	[ "$(grep -o -- '--seed [0-9]*' log | sort -u | wc -l)" -eq 7 ]
	grep -q -- '--launches 20 ' log
	expect 0 "$real" --suites 3 --out out
	[ "$(wc -l <log)" -eq 7 ]
	awk -F '\t' '$1 == 5 && ($13 != "FAIL" || $6 < 0.0499 || $6 > 0.0501) { exit 1 }' out/rows.tsv
	awk -F '\t' '$1 == 10 && ($15 != "FAIL" || $6 < 0.0999 || $6 > 0.1001) { exit 1 }' out/rows.tsv
	awk -F '\t' 'NR > 1 && $1 == 0 && ($13 $15 != "OKOK" || $6 != 0) { exit 1 }' out/rows.tsv
	[ -z "$(find out -name 'work.*')" ]
}

@test "scripted: a build that isn't what it was asked to be, a suite that failed: no rows" {
	LIES=7 expect 2 "$real" --out out
	grep -q 'says it is dmabench 0.1.0-slowed-by-7-percent' stderr
	: >fail
	expect 1 "$real" --out out
	rm fail
	jq '.environments[0].conditions.governor = "other"' base.json >other.json
	expect 0 "$real" --suites 1 --out out
	mv other.json base.json
	before=$(rows)
	# The baseline is of other conditions.
	expect 2 "$real" --suites 2 --out out
	grep -q "aren't comparable" stderr
	[ "$(rows)" -eq "$before" ]
}

@test "scripted: interrupted, whole suites are kept and nothing runs on" {
	expect 0 "$real" --suites 1 --out out
	before=$(rows)
	: >hang
	"$real" --suites 2 --out out >stdout 2>stderr &
	pid=$!
	eventually test -s pid
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 143 ]
	run ! kill -0 "$(cat pid)"
	[ "$(rows)" -eq "$before" ]
	[ -z "$(find out -name 'work.*')" ]
}

# made_up SLOWED ROUND DESIGN CASE CHANGE CV LOW-VERDICT HIGH-VERDICT [NEEDED]
made_up() {
	local IFS=$'\t'
	printf '%s\n' "$1"$'\t'"$2"$'\t'"$3"$'\t'"$4"$'\t'"20"$'\t'"$5"$'\t'"0"$'\t'"0"$'\t'"$6"$'\t'"-"$'\t'"0.02"$'\t'"0.01"$'\t'"$7"$'\t'"${9--}"$'\t'"$8"$'\t'"-" >>out/rows.tsv
}

@test "the tables count what is in the rows" {
	mkdir out
	sed -n '/^columns=(/,/)/p' "$real" | tr -d '()\n' | sed 's/^columns=//' | tr -s ' \t' '\t' >out/rows.tsv
	echo >>out/rows.tsv
	for round in 1 2 3; do made_up 0 "$round" pairs 'memcpy 64K' 0.001 0.01 OK OK; done
	made_up 0 1 pairs 'nt 1M' 0.001 0.01 FAIL OK
	made_up 0 2 pairs 'nt 1M' -0.03 0.01 IMPROVED OK
	made_up 5 1 pairs 'memcpy 64K' 0.05 0.02 FAIL OK
	made_up 5 2 pairs 'memcpy 64K' 0.05 0.01 FAIL FAIL
	made_up 5 3 pairs 'memcpy 64K' 0.02 0.01 OK OK
	made_up 5 4 pairs 'memcpy 64K' 0.04 0.021 UNSTABLE UNSTABLE 31
	made_up 10 1 stored 'memcpy 64K' 0.04 0.01 FAIL OK
	expect 0 "$real" --tables --out out
	has() { grep -qxF "$1" stdout || { echo "lacks: $1"; cat stdout; return 1; }; }
	has '| side by side | 2.5 % | 3 | 1 | 5 | 1 | 0 | 1 | 3 |'
	has '| side by side | 5 % | 3 | 0 | 5 | 0 | 0 | 0 | 5 |'
	has '| 5 % | side by side | 2.5 % | up to 2 % | 3 | 2 | 0 | 1 | 66.7 % | 1 of 2 |'
	has '| 5 % | side by side | 5 % | up to 2 % | 3 | 1 | 0 | 2 | 33.3 % | 0 of 1 |'
	has '| 5 % | side by side | 2.5 % | 2 to 5 % | 1 | 0 | 1 | 0 | 0 % | - |'
	has '| memcpy 64K | side by side | 2.5 % | 7 | 1 | 31 (31 to 31) | 0 |'
	has '| memcpy 64K | side by side | 5 % | 7 | 1 | - | 1 |'
	has '| 5 % | 3 | memcpy 64K | side by side | 2.5 % | 2 % | 2 % |'
	has '| 10 % | 1 | memcpy 64K | stored baseline | 5 % | 4 % | 2 % |'
	# A 5 % slower one that passes at 5 % is what a threshold of 5 % means.
	[ "$(grep -c '^| 5 % | [0-9] | memcpy' stdout)" -eq 1 ]
	sed -i 1d out/rows.tsv
	expect 2 "$real" --tables --out out
}

@test "the tables in docs/gate.md are those of results/rates" {
	for folder in "$root"/results/rates/*/; do "$real" --tables --out "$folder"; done >all
	sed -n '/^### On a real machine/,/^## /p' "$root/docs/gate.md" | grep '^|' >rows
	[ "$(wc -l <rows)" -ge 20 ]
	while read -r row; do grep -qxF "$row" all || { echo "from nowhere: $row"; return 1; }; done <rows
}

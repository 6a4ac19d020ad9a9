#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Two of the commands at once in one tree: each does all of its work, as if it were alone.

load helpers
load scripted

setup() {
	root=$top
	cd "$BATS_TEST_TMPDIR"
}

# both COMMAND...: twice at once, each ends with 0.
both() {
	local first second
	"$@" >one 2>&1 &
	first=$!
	"$@" >two 2>&1 &
	second=$!
	wait "$first" && wait "$second" || {
		cat one two
		return 1
	}
}

# The clock stands still for those who name a folder by it.
standing_clock() {
	stub date "case \"\$*\" in *%Y%m%dT*) echo 20260131T120000Z ;; *) exec $(command -v date) \"\$@\" ;; esac"
}

@test "two main jobs that begin in one second have a folder each, and a whole result in it" {
	scripted_job
	standing_clock
	jq '.run.seed = 2' base.json >new.json
	both tree/scripts/bench.sh --quick --where host --no-install
	[ "$(ls tree/build/results)" = $'20260131T120000Z\n20260131T120000Z-2' ]
	for result in tree/build/results/*/result.json; do jq -e '.run.complete' "$result"; done
	[ "$(find tree/build/results -name '*.new*' | wc -l)" -eq 0 ]
	grep -hq 'done: .*/20260131T120000Z/' one two
	grep -hq 'done: .*/20260131T120000Z-2/' one two
}

@test "one folder that two jobs are told to take is one's; the other ends with 2 and touches nothing" {
	scripted_job
	jq '.run.seed = 2' base.json >new.json
	codes=()
	for side in one two; do tree/scripts/bench.sh --quick --where host --no-install --out r >"$side" 2>&1 & pids+=($!); done
	for pid in "${pids[@]}"; do
		code=0
		wait "$pid" || code=$?
		codes+=("$code")
	done
	[ "$(printf '%s\n' "${codes[@]}" | sort | xargs)" = "0 2" ]
	grep -hq 'there are results already' one two
	jq -e .run.complete r/result.json
}

@test "makes beside each other: none fails, none sees what another has half done" {
	for i in $(seq 8); do
		make -C "$top" -s "$PWD/b/version.h" BUILD="$PWD/b" >"make.$i" 2>&1 &
		pids[i]=$!
	done
	for i in $(seq 8); do wait "${pids[i]}" || { cat make.*; false; }; done
	[ "$(ls b)" = version.h ]
	# What the compiler writes to never has the name that others look for.
	stub slow-cc "echo \"\$@\" >>$PWD/calls; exec gcc \"\$@\""
	both make -C "$top" -s "$PWD/b/obj/bench/statistics/stats.o" BUILD="$PWD/b" CC="$PWD/stubs/slow-cc"
	[ "$(ls b/obj/bench/statistics)" = $'stats.d\nstats.o' ]
	run ! grep -E -- "-(o|MF) [^ ]*/stats\.(o|d)( |$)" calls
	grep -q "^$PWD/b/obj/bench/statistics/stats.o: " b/obj/bench/statistics/stats.d
	# Where it fails nothing is left.
	stub slow-cc 'for word; do [ "$before" != -o ] || echo half >"$word"; before=$word; done; exit 1'
	rm b/obj/bench/statistics/*
	run ! make -C "$top" -s "$PWD/b/obj/bench/statistics/stats.o" BUILD="$PWD/b" CC="$PWD/stubs/slow-cc"
	[ "$(find b/obj -type f | wc -l)" -eq 0 ]
}

# A kernel whose build says when two are at work in one folder.
make_kdir() {
	mkdir -p "$1/include/generated"
	echo '#define UTS_RELEASE "9.9-test"' >"$1/include/generated/utsrelease.h"
	cat >"$1/Makefile" <<-'END'
		.RECIPEPREFIX := >
		modules:
		>@mkdir "$(M)/at-work" && sleep 0.5 && test -e "$(M)/main.c" -a -e "$(M)/include/dmabench_uapi.h" && rmdir "$(M)/at-work"
		>@echo "$(M)" >>"$(LOG)" && touch "$(M)/dmabench.ko"
	END
}

@test "two builds of the driver in one folder take turns" {
	make_kdir "$PWD/kdir"
	export LOG=$PWD/log
	both make -C "$top/driver" -s KDIR="$PWD/kdir" OUT="$PWD/out"
	[ "$(sort -u log)" = "$PWD/out" ]
	[ "$(wc -l <log)" -eq 2 ]
	[ -e out/dmabench.ko ]
	# Nobody else's OUT.
	OUT=$PWD/elsewhere make -C "$top/driver" -n KDIR="$PWD/kdir" MAKE=true >said
	run ! grep -q elsewhere said
	rm -rf "$top/build/driver/9.9-test"
}

@test "scripts that have fixed names below build wait for each other" {
	mkdir -p tree/scripts/lib
	cp "$top/scripts/lib/common.sh" tree/scripts/lib/
	cat >tree/scripts/x.sh <<-'END'
		#!/bin/bash
		set -euo pipefail
		source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
		one_at_a_time x
		mkdir "$root/build/work"
		sleep 0.5
		rmdir "$root/build/work"
	END
	chmod +x tree/scripts/x.sh
	both tree/scripts/x.sh
	exec 7>tree/build/x.lock
	flock 7
	tree/scripts/x.sh 2>said 7>&- &
	eventually grep -q 'another x is at work' said
	[ ! -e tree/build/work ]
	exec 7>&-
	wait $!
	for script in dev/check test dev/limit dev/dmatest dev/coverage test/mutations; do
		grep -q "one_at_a_time ${script##*/}" "$top/scripts/$script.sh"
	done
}

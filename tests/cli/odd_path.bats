#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# A clone may lie anywhere: blanks, quotes and what a shell or a printf reads as more than a
# letter are no part of any command.

load helpers
load scripted

odd="dma bench & co's 100%s, ü"

# The tree with what is built, so that little is built again.
setup_file() {
	local clone=$BATS_FILE_TMPDIR/$odd
	mkdir -p "$clone/build"
	cd "$BATS_TEST_DIRNAME/../.."
	cp -a Makefile VERSION bench driver include plots scripts results tests "$clone/"
	[[ ! -d build/obj ]] || cp -a build/obj build/version.h "$clone/build/"
	make -C "$clone" --no-print-directory bench >"$BATS_FILE_TMPDIR/make.log" 2>&1 || cat "$BATS_FILE_TMPDIR/make.log"
}

setup() {
	clone=$BATS_FILE_TMPDIR/$odd
	cd "$BATS_TEST_TMPDIR"
	mkdir "$odd"
}

@test "the harness is built, measures and compares there" {
	"$clone/build/dmabench" run --path memcpy --size 4K --launches 2 --samples 2 --sample-ms 0 --cpu-ms 0 \
		--calibrate-ms 0 --state-ms 0 -o "$odd/r.json"
	jq -e '.run.complete' "$odd/r.json"
	expect 3 "$clone/build/dmabench" compare "$odd/r.json" "$odd/r.json"
}

@test "a unit test is built and passes there" {
	make -C "$clone" -s build/tests/unit/test_parse
	CMOCKA_MESSAGE_OUTPUT=TAP "$clone/build/tests/unit/test_parse" >tap
	grep -q '^ok 1' tap
	run ! grep -q '^not ok' tap
}

@test "hyperfine times what lies there, and a reason is said where it can't" {
	have_hyperfine=$(command -v hyperfine || true)
	timed() {
		bash -c 'set -euo pipefail
			source "$1/scripts/lib/common.sh" && source "$root/scripts/lib/child.sh" && source "$root/scripts/bench/outside.sh"
			source "$root/scripts/bench/missing.sh"
			status=0 mode=quick outside_paths=(memcpy)
			measure_outside "$2" "$3"' sh "$clone" "$odd/host.json" "$odd/outside.json" 2>stderr
	}
	jq -n '{cases: [{status: "ok", path: "memcpy", params: {size: 1048576}, time: {value: 30000000}}]}' >"$odd/host.json"
	stub hyperfine 'echo "Error: what is this?" >&2; exit 1'
	PATH=$PWD/stubs:$PATH timed
	grep -q '(memcpy), because hyperfine could not time it: Error: what is this?' stderr
	[[ -n $have_hyperfine ]] || skip "no hyperfine"
	timed
	jq -e 'length == 1 and .[0].path == "memcpy" and .[0].runs == 5' "$odd/outside.json" || {
		cat stderr
		false
	}
}

@test "the harness's own check by hyperfine runs it there" {
	# Plays hyperfine: runs the last word's words, as a shell has them, and has no report.
	cat >hyperfine <<-'END'
		#!/bin/bash
		eval "set -- ${*: -1}"
		printf '%s\n' "$1" >"$SEEN"
		exit 1
	END
	chmod +x hyperfine
	SEEN=$PWD/seen PATH=$PWD:$PATH "$clone/build/dmabench" selfcheck --only outside --launches 6 >/dev/null 2>&1 || true
	[ "$(cat seen)" = "$(realpath "$clone/build/dmabench")" ]
}

@test "pictures and report are made there, also into such a folder" {
	jq '.cases |= map(select(.path == "memcpy"))' "$clone/tests/fixtures/good.json" >"$odd/one.json"
	"$clone/scripts/plot.sh" "$odd/one.json" "$odd/plots"
	"$clone/scripts/report.sh" "$odd/one.json" "$odd"
	[ -s "$odd/plots/throughput-host.png" ]
	grep -q 'data:image/svg+xml' "$odd/report.html"
	[ "$(find "$odd" -name '.*' -type d | wc -l)" -eq 0 ]
}

@test "the whole job runs there, with results there" {
	root=$top
	scripted_job "$odd/tree"
	cp base.json new.json
	expect 0 "$odd/tree/scripts/bench.sh" --quick --where host --no-install --out "$odd/r"
	jq -e '.run.complete' "$odd/r/result.json"
	expect 0 "$odd/tree/scripts/bench.sh" --quick --where host --no-install --baseline base.json
	jq -e '.run.complete' "$odd"/tree/build/results/*/result.json
}

@test "the kernel's build gets a path that it takes" {
	mkdir -p kdir/include/generated
	echo '#define UTS_RELEASE "9.9-test"' >kdir/include/generated/utsrelease.h
	cat >kdir/Makefile <<-'END'
		.RECIPEPREFIX := >
		modules:
		>@test -e $(M)/main.c -a -e $(M)/include/dmabench_uapi.h
		>@cd $(M) && touch dmabench.ko && echo "$(M)" >way
	END
	make -C "$clone" -s driver KDIR="$PWD/kdir"
	[ -e "$clone/build/driver/9.9-test/dmabench.ko" ]
	way=$(cat "$clone/build/driver/9.9-test/way")
	[[ $way != *[[:space:]:\&]* && ! -e $way ]]
	# Kernels and headers are kept where a kernel's build can be.
	run env -u DMABENCH_CACHE -u XDG_CACHE_HOME HOME=/home/me bash -c 'source "$1/scripts/lib/common.sh" && echo "$guest_cache"' sh "$clone"
	[ "$output" = /home/me/.cache/dmabench/guest ]
	run env -u DMABENCH_CACHE bash -c 'source "$1/scripts/lib/common.sh" && echo "$guest_cache"' sh "$top"
	[[ $top == *[!A-Za-z0-9/._+@=-]* || $output = "$top/build/guest" ]]
}

@test "the gate's builds are told to make without a blank" {
	stub make 'for word; do case $word in BUILD=*) echo "$word" >>"$MADE" ;; esac; done'
	MADE=$PWD/made PATH=$PWD/stubs:$PATH env -u DMABENCH_GATE_CACHE bash -c 'set -euo pipefail
		source "$1/scripts/lib/common.sh" && source "$root/scripts/gate/build.sh"
		make_bench "$root" "$gate_cache/present"
		make_bench "$gate_cache/abc/tree" "$gate_cache/abc/build"' sh "$clone"
	[ "$(cat made)" = $'BUILD=build/gate/present\nBUILD=../build' ]
}

@test "a path that isn't UTF-8, which jq takes none of: that is the reason, before anything is made" {
	local bad script
	bad=$PWD/$(printf 'x\377y')
	mkdir -p "$bad/build"
	cp -R "$top"/{scripts,plots,results,VERSION} "$bad/"
	cp "$top/build/dmabench" "$bad/build/"
	jq '.run.seed += 1' "$top/tests/fixtures/good.json" >r.json
	cp "$top/tests/fixtures/good.json" base.json
	mkdir runs
	cp r.json runs/
	for script in "report.sh r.json none" "plot.sh r.json none" "compare.sh base.json r.json --out none" \
		"report/merge.sh none r.json" "trend.sh runs none" "fleet.sh runs none" "advise.sh r.json r.json none" \
		"bench.sh --quick --where host --no-install --out none"; do
		# shellcheck disable=SC2086 # several words
		expect 1 "$bad/scripts/"$script
		[ "$(wc -l <stderr)" -eq 1 ]
		LC_ALL=C grep -aq "jq takes no path that isn't UTF-8" stderr
		[ ! -e none ]
	done
}

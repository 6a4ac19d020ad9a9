#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/gate.sh with nothing played by a script: both sides are built and measured.

load ../cli/helpers

@test "it builds both sides itself and measures them (a short one)" {
	[ -e "$top/.git" ] || skip "no git checkout"
	cd "$BATS_TEST_TMPDIR"
	export DMABENCH_GATE_CACHE=$PWD/cache
	# What is measured is of no matter here, how long it takes to build is.
	export CFLAGS=-O0
	expect 3 "$top/scripts/gate.sh" --against HEAD --launches 2 --out out \
		--cases '--path memcpy --size 4K --samples 2 --sample-ms 0 --state-ms 1'
	head=$(git -C "$top" rev-parse HEAD | cut -c 1-12)
	[ "$(jq -r .tool.commit out/base.json)" = "$head" ]
	[[ "$(jq -r .tool.commit out/new.json)" == "$head"* ]]
	[ "$(jq -c '[.tool.compiler, .tool.flags]' out/base.json)" = "$(jq -c '[.tool.compiler, .tool.flags]' out/new.json)" ]
	jq -e '.cases | length == 1 and (.[0].launches | length == 2)' out/new.json
}

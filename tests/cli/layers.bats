#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/dev/layers.sh: a folder that uses what it may not, and files in a circle, are found.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$top/bench" "$top/driver" "$top/CONTRIBUTING.md" .
}

layers() { # STATUS [WHAT IT NAMES]
	run --separate-stderr "$top/scripts/dev/layers.sh" .
	status_is "$1"
	[[ $# -gt 1 || -z $output ]] && [[ $output == *"${2-}"* ]] || {
		echo "$output"
		return 1
	}
}

@test "this tree is as the table says" {
	layers 0
}

@test "a lower folder that includes a higher one, by whatever path, is named with its line" {
	printf '#include "result/result.h"\n' >>bench/statistics/stats.c
	layers 1 "bench/statistics/stats.c:$(wc -l <bench/statistics/stats.c): bench/statistics/ may not use bench/result/result.h"
	printf '  #  include "../plan/plan.h"\n' >>bench/copies/team.h
	layers 1 "bench/copies/ may not use bench/plan/plan.h"
}

@test "a circle in one folder is named" {
	printf '#include "cgroup.h"\n' >>bench/machine/files.c
	layers 1 "circle: "
	[[ $output == *"bench/machine/files"*"bench/machine/cgroup"* || $output == *"bench/machine/cgroup"*"bench/machine/files"* ]]
}

@test "the driver has no circle either, and its providers know nothing of it" {
	printf '#include "buffer.h"\n' >>driver/session.h
	layers 1 "circle: "
	printf '#include "../engine.h"\n' >>driver/providers/sim.h
	layers 1 "driver/providers/ may not use driver/engine.h"
}

@test "a table that lacks a folder, or allows what is above, is wrong" {
	mkdir bench/new
	layers 1 "no row for bench/new/"
	rmdir bench/new
	sed -i '/^| `bench\/text\/`/s/nothing/commands/' CONTRIBUTING.md
	layers 1 "bench/text/ may use commands"
}

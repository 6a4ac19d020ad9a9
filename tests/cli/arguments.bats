#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Scripts that no other test asks: wrong arguments end with 2 and one line before anything is
# fetched, built or written.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	mkdir "$BATS_TEST_TMPDIR/here" && cd "$BATS_TEST_TMPDIR/here" || exit
	export DMABENCH_CACHE=$PWD/cache XDG_CACHE_HOME=$PWD/cache
}

# refused NAMED SCRIPT ARGUMENT...
refused() {
	local named=$1
	shift
	run --separate-stderr timeout -k 1 20 "$top/scripts/$1" "${@:2}"
	status_is 2
	in_stderr "$named"
	[[ -z $output && ${#stderr_lines[@]} -eq 1 && -z $(ls -A) ]]
}

@test "cross.sh: a module that it can't build is refused before anything else is" {
	refused nosuch dev/cross.sh arm64 nosuch
	refused --nosuch dev/cross.sh arm64 --nosuch
	refused nosuch dev/cross.sh arm64 dmatest nosuch
	refused vax dev/cross.sh vax
}

@test "kernel-modules.sh: nothing is locked or made for what can't be" {
	local own
	own=$(bash -c 'source "$1/scripts/lib/common.sh" && source "$1/scripts/lib/distribution.sh" && own_kernel' sh "$top")
	refused SERIES kernel/kernel-modules.sh
	refused SERIES kernel/kernel-modules.sh "$own" vax out dmatest
	refused SERIES kernel/kernel-modules.sh "$own" arm64 "" dmatest
	refused nosuch kernel/kernel-modules.sh "$own" arm64 out nosuch
	refused 5.4 kernel/kernel-modules.sh 5.4 arm64 out dmatest
	refused 5.4 kernel/kernel-modules.sh --sources 5.4
}

@test "what is more than is taken, or no name at all" {
	refused more dev/check.sh --no-install more
	refused OUTDIR trend.sh "$top/results" ""
	refused OUTDIR fleet.sh "$top/results" ""
	refused with vm.sh --with "" -- true
	refused 08x test.sh --jobs 08x
	refused "unknown argument nosuch" test.sh --jobs 08 nosuch
}

@test "layers.sh: no tree" {
	refused nosuch dev/layers.sh nosuch
	refused --nosuch dev/layers.sh --nosuch
	refused "$PWD" dev/layers.sh "$PWD"
}

@test "peers.sh: sizes that are no sizes, or more than there can be" {
	command -v perf mbw >/dev/null || skip "no peers"
	local sizes
	for sizes in 4K,,8K ,4K "4K," " 4K" 999999999999G 0 4T ""; do refused "--sizes" peers.sh --sizes "$sizes"; done
}

@test "each script that is run says how" {
	local script
	while read -r script; do
		run timeout -k 1 20 "$script" --help
		[[ $status -eq 0 && $output == *usage* ]] || {
			echo "$script --help: $status"
			return 1
		}
	done < <(grep -lE '^#!.*bash' "$top"/scripts/*.sh "$top"/scripts/{dev,kernel,report,test}/*.sh)
	[[ -z $(ls -A) ]]
}

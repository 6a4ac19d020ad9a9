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

# unwritten SCRIPT ARGUMENT...: one line that says so, and the status that the man page has for it.
unwritten() {
	local code=0
	timeout -k 1 60 "$top/scripts/$1" "${@:2}" >/dev/full 2>../stderr || code=$?
	[[ $code -ne 2 || $(<../stderr) != "${1##*/}: can't write to standard output" ]] || return 0
	printf '%s: %s\n' "$*" "$code"
	cat ../stderr
	return 1
}

@test "output that can't be written is one line and status 2, of every script" {
	local script
	for script in "$top"/scripts/*.sh "$top"/scripts/fleet/{one,pack,slurm}.sh "$top"/scripts/report/merge.sh; do
		unwritten "${script#"$top/scripts/"}" --help
	done
	# Whether something is wrong or nothing is.
	DMABENCH_SYSROOT=$PWD unwritten doctor.sh
	DMABENCH_SYSROOT=$PWD unwritten doctor.sh --json
	mkdir -p ../sys/{dev,proc/self,sys/module/dmabench,sys/class/dma/dma0chan0}
	cp "$top/VERSION" ../sys/sys/module/dmabench/version
	echo 0 >../sys/sys/class/dma/dma0chan0/in_use
	echo "Max locked memory unlimited unlimited bytes" >../sys/proc/self/limits
	: >../sys/dev/dmabench
	DMABENCH_SYSROOT=$BATS_TEST_TMPDIR/sys unwritten doctor.sh
	unwritten tune.sh check
}

@test "bench.sh: one of its modes, not two" {
	refused "--full after --quick" bench.sh --quick --full
	refused "--quick after --full" bench.sh --full --quick --out r
}

@test "a message says whose it is" {
	refused "compare.sh: expected two results" compare.sh a.json
	refused "report.sh: expected RESULT" report.sh a.json
	refused "plot.sh: expected RESULT" plot.sh a.json
	refused "merge.sh: expected OUT" report/merge.sh a.json
	refused "advise.sh: expected PROFILE" advise.sh a.json
}

@test "without HOME it is the home that the user has; without either that is said" {
	local folders
	# shellcheck disable=SC2016 # the inner shell expands
	folders='source "$1/scripts/lib/common.sh" && echo "$own_state $own_cache"'
	[[ $(env -u HOME -u XDG_CACHE_HOME -u XDG_STATE_HOME bash -c "$folders" sh "$top") == \
		"$(getent passwd "$EUID" | cut -d : -f 6)/.local/state/dmabench $(getent passwd "$EUID" | cut -d : -f 6)/.cache/dmabench" ]]
	[[ $(env -u XDG_CACHE_HOME -u XDG_STATE_HOME HOME=/some bash -c "$folders" sh "$top") == \
		"/some/.local/state/dmabench /some/.cache/dmabench" ]]
	# Nobody knows this user: as where the list of users has none.
	mkdir ../bin
	printf '#!/bin/sh\nexit 2\n' >../bin/getent
	chmod +x ../bin/getent
	# shellcheck disable=SC2016 # the inner shell expands
	run --separate-stderr env -u HOME -u XDG_CACHE_HOME -u XDG_STATE_HOME PATH="$BATS_TEST_TMPDIR/bin:$PATH" \
		bash -c 'source "$1/scripts/lib/common.sh" && make_folder "$own_state/results"' sh "$top"
	status_is 2
	in_stderr "HOME isn't set"
	[[ ${#stderr_lines[@]} -eq 1 ]]
	# Who says where needs none.
	# shellcheck disable=SC2016 # the inner shell expands
	env -u HOME PATH="$BATS_TEST_TMPDIR/bin:$PATH" XDG_STATE_HOME="$BATS_TEST_TMPDIR/state" \
		bash -c 'source "$1/scripts/lib/common.sh" && make_folder "$own_state/results"' sh "$top"
	[[ -d ../state/dmabench/results ]]
}

# wrong_use SCRIPT ARGUMENT...: 2, whether its message can be written or not.
wrong_use() {
	local code where
	for where in '2>&-' '2>/dev/full' '<&- >&- 2>&-'; do
		code=0
		timeout -k 1 60 bash -c '"$@" '"$where" sh "$top/scripts/$1" "${@:2}" || code=$?
		[[ $code -eq 2 ]] || {
			printf '%s %s: %s\n' "$*" "$where" "$code"
			return 1
		}
	done
}

@test "wrong use is status 2 of every script, also where no message can be written" {
	local script
	while read -r script; do
		wrong_use "${script#"$top/scripts/"}" --no-such-option
	done < <(grep -lE '^#!.*bash' "$top"/scripts/*.sh "$top"/scripts/{dev,fleet,kernel,report}/*.sh)
	echo '{}' >../no.json
	wrong_use report.sh ../no.json r
	wrong_use plot.sh ../no.json r
	wrong_use compare.sh ../no.json ../no.json
	wrong_use report/merge.sh m.json ../no.json
	[[ -z $(ls -A) ]]
}

@test "tune.sh check without a standard output: one line of its own, and status 2" {
	local code=0
	"$top/scripts/tune.sh" check >&- 2>../stderr || code=$?
	[[ $code -eq 2 && $(<../stderr) == "tune.sh: can't write to standard output" ]]
}

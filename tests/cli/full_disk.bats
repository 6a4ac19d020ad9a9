#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What is written on a disk that is full, wherever it fills up: a reason and status 1, and no half file.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	unshare -rm mount -t tmpfs none /mnt 2>/dev/null || skip "no mounts of one's own here"
	mkdir disk whole seen
	jq '.cases |= map(select(.env == "host" and .path == "memcpy" and .params.cache == "hot"))' \
		"$top/tests/fixtures/good.json" >r.json
}

# on_disk KIB COMMAND...: on a new disk of that size, with what it left in seen.
on_disk() {
	local kib=$1
	shift
	rm -rf seen
	# shellcheck disable=SC2016 # the inner shell expands
	run --separate-stderr unshare -rm bash -c '
		mount -t tmpfs -o "size=$1k" none disk || exit 77
		TMPDIR=$PWD/${scratch_on:-disk} "${@:2}"
		status=$?
		cp -R disk seen
		exit $status' sh "$kib" "$@"
	[[ $status -ne 77 ]] || skip "no tmpfs here"
}

# written FOLDER PATTERNS: what is there of it.
written() {
	# shellcheck disable=SC2086 # patterns
	(cd "$1" || exit; find $2 -type f 2>/dev/null || true) | sort
}

# whole_or_nothing STATUS KIB,KIB... PATTERNS COMMAND...: on disks of these sizes it ends with STATUS and all that it
# writes where there is room; or with 1, a reason, and none of the files other than there. Both happen.
whole_or_nothing() {
	local wanted=$1 sizes=$2 patterns=$3 kib file full=no room=no
	shift 3
	on_disk 8192 "$@"
	status_is "$wanted"
	rm -rf whole
	mv seen whole
	[[ -n $(written whole "$patterns") ]]
	for kib in ${sizes//,/ }; do
		on_disk "$kib" "$@"
		echo "$kib KiB: $status: $stderr"
		[[ -z $(find seen -mindepth 1 -name '.*') ]] || {
			find seen
			return 1
		}
		while read -r file; do cmp "seen/$file" "whole/$file"; done < <(written seen "$patterns")
		if [[ $status -eq "$wanted" ]]; then
			room=yes
			[[ $(written seen "$patterns") == "$(written whole "$patterns")" ]]
		else
			full=yes
			# 2 is what dmabench's own commands say then.
			[[ $status -eq 1 || ($status -eq 2 && $stderr == dmabench\ *) ]]
			[[ $stderr == *"No space left"* ]]
		fi
	done
	[[ $full == yes && $room == yes ]]
}

@test "a report: no half page" {
	# Without pictures: each size of disk ends the writing of another file.
	whole_or_nothing 0 "$(seq -s , 8 4 80)" 'd/report.*' "$top/scripts/report.sh" r.json disk/d
}

@test "results side by side: nothing is left of what has no room" {
	mkdir scratch
	export scratch_on=scratch
	jq '.run.seed += 1' r.json >new.json
	whole_or_nothing 0 "$(seq -s , 8 56 800)" 'd/compare.* d/plots/*' "$top/scripts/compare.sh" r.json new.json --out disk/d
	[[ -z $(ls -A scratch) ]]
}

@test "a page over a folder, as of a fleet, too: no half page" {
	mkdir runs
	local n
	for n in 1 2 3; do jq ".run.seed += $n | .run.start = \"2026-01-0${n}T00:00:00Z\"" r.json >"runs/$n.json"; done
	export PATH=$PWD/bin:$PATH
	mkdir bin
	# Pictures are another test's, and take their time.
	printf '#!/bin/sh\n: >picture.svg\n' >bin/gnuplot
	printf '#!/bin/sh\n: >picture.png\n' >bin/rsvg-convert
	chmod +x bin/*
	whole_or_nothing 3 "$(seq -s , 8 8 96)" 'd/trend.*' "$top/scripts/trend.sh" runs disk/d
}

@test "settings that can't be saved: nothing is left of the try" {
	load tune_tree
	make_tree
	# shellcheck disable=SC2016 # the inner shell expands
	run --separate-stderr unshare -rm bash -c '
		mount -t tmpfs -o size=8k none disk || exit 77
		: >disk/tune.state.lock
		head -c 1M /dev/zero >disk/filler 2>/dev/null
		status=0
		DMABENCH_SYSROOT=$1 DMABENCH_TUNE_STATE=$PWD/disk/tune.state "$2/scripts/tune.sh" set || status=$?
		ls -A disk
		exit $status' sh "$tree" "$top"
	[[ $status -ne 77 ]] || skip "no tmpfs here"
	status_is 1
	in_stderr "nothing was changed"
	[ "$output" = $'filler\ntune.state.lock' ]
	as_before
}

@test "a machine of a fleet brings what there is no room for: nothing is left half" {
	cat >bench <<-'END'
		#!/bin/sh
		while [ "$1" != --out ]; do shift; done
		mkdir -p "$2"
		head -c 200k /dev/zero >"$2/report.html"
	END
	chmod +x bench
	mkdir scratch
	export scratch_on=scratch DMABENCH_FLEET_BENCH=$PWD/bench
	on_disk 32 "$top/scripts/fleet/one.sh" disk node
	status_is 1
	[[ $stderr == *"No space left"* ]]
	[ "$(ls -A seen/node)" = asked.json ]
}

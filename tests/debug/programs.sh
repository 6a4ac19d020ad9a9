#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run programs of tests/guest one after the other, for their TAP; the console tells which one
# a report belongs to.
#
# usage, in the guest: sh tests/debug/programs.sh [PROGRAM...]
#
# All of them without arguments, but for test_bare, which wants a machine without engines;
# test_cycles, whose 70,000 rounds take too long here, test_batch_order, whose lists do, and
# test_exhaust, which takes all memory that there is; and test_descriptors: it plays engines with
# segments shorter than a page, and the DMA-API's checks can't know that dmabench cuts what it
# maps into descriptors afterwards.

programs=build/tests/guest
if [ $# -eq 0 ]; then
	for program in "$programs"/test_*; do
		case $program in
		*/test_bare | */test_cycles | */test_descriptors | */test_batch_order | */test_exhaust) ;;
		*) set -- "$@" "${program##*/}" ;;
		esac
	done
	[ ! -e "$programs/compat32" ] || set -- "$@" compat32
fi
status=0
for program in "$@"; do
	echo "dmabench debug: $program" >/dev/kmsg
	if [ "$program" != compat32 ]; then
		"$programs/$program" || status=1
		continue
	fi
	echo 1..1
	if "$programs/compat32" "$DMABENCH_TEST_ENGINE_DRIVER"; then
		echo "ok 1 - 32-bit callers get the same answers"
	else
		echo "not ok 1 - 32-bit callers get the same answers (step $?)"
		status=1
	fi
done
exit $status

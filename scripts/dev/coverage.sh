#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which lines of the driver do the guest's tests run? Builds it with gcov, runs all programs of
# tests/guest in the debug guest on the simulator and on edu, those that copy with bounce buffers,
# engines that can't be stopped, and every allocation failed in turn; and adds up.
#
# usage: scripts/dev/coverage.sh [--series SERIES] [--only RUN]... [--add DIR]... [--no-run]
#
#   --series S   the debug kernel (the distribution's own)
#   --only RUN   run only sim, edu, bounce, poison or fail-nth, and keep the others' counts; repeatable
#   --add DIR    count this folder of .gcda files too, as a run under tests/debug/watch.sh with
#                these modules left it; repeatable
#   --no-run     only add up what is there
#   -h, --help   this text
#
# Prints a line for each file, with the numbers of the lines that never ran, and the sum. The
# runs and coverage.json are under build/coverage.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"
# shellcheck source=scripts/test/guest.sh
source "$root/scripts/test/guest.sh"
# shellcheck source=scripts/test/debug.sh
source "$root/scripts/test/debug.sh"
# shellcheck source=scripts/test/sweeps.sh
source "$root/scripts/test/sweeps.sh"

readonly out=$root/build/coverage
series=$(own_kernel)
runs=(sim edu bounce poison fail-nth)
# Those that copy, for bounce buffers.
bounced_programs="test_copy test_times test_sharing test_batch test_batch_end"
bounced_programs+=" test_async test_async_end test_async_buffers test_async_left"
only=()
more=()

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		--series)
			need_value "$1" $#
			is_known_kernel "$2" ||
				usage_error "--series $2: expected one of $(known_kernels | paste -s -d ' ')"
			series=$2
			shift
			;;
		--add)
			need_value "$1" $#
			[[ -d $2 ]] || usage_error "--add $2: no such folder"
			more+=("$2")
			shift
			;;
		--only)
			need_value "$1" $#
			[[ " ${runs[*]} " == *" $2 "* ]] || usage_error "--only $2: expected one of ${runs[*]}"
			only+=("$2")
			shift
			;;
		--no-run) runs=() ;;
		*) usage_error "unknown argument $1" ;;
		esac
		shift
	done
}

# count NAME: a boot whose counts are kept, whatever its tests say: those that fail are the
# business of make test-debug.
count() {
	local name=$1 dir=$out/$series-$1 status=0 command options
	case $name in
	sim) command=(watched sim "$series" "" --smp 2) ;;
	edu) command=(watched edu "$series" "" --warp) ;;
	bounce)
		command=(watched sim "$series" "$bounced_programs" --smp 2
			--iommu off --append swiotlb=force)
		;;
	poison)
		command=(watched sim "$series" "$(alone_programs)" "${alone_guest[@]}"
			--env DMABENCH_MODULES_STAY=1)
		;;
	fail-nth) command=(fail_nth "debug-$series") ;;
	esac
	options=(--module-dir "$modules" --out "$dir" --log "$dir/console")
	rm -rf "$dir"
	mkdir -p "$dir"
	say "running $name"
	"${command[@]}" "${options[@]}" >"$dir/tap" 2>"$dir/err" || status=$?
	[[ -n $(find "$dir" -name '*.gcda') ]] ||
		die "$name brought nothing back (status $status): $(tail -n 3 "$dir/err")"
	[[ $status -eq 0 ]] || warn "$name ended with status $status, see $dir"
}

# lines_of DIR: what gcov makes of one run, a JSON document for each object.
lines_of() {
	local work=$out/work
	rm -rf "$work"
	mkdir -p "$work"
	find "$1" -maxdepth 1 -name '*.gcda' -exec cp -t "$work" {} +
	cp "$modules"/*.gcno "$work/"
	(cd "$work" && gcov --json-format --stdout ./*.gcda)
}

# Lines of several runs and objects, summed; a line in a header counts where it is.
add_up() {
	local dir
	for dir in "$out/$series"-* ${more[@]+"${more[@]}"}; do
		lines_of "$dir"
	done | jq -s '
		[.[].files[] | (.file | split("/") | last) as $file
			| select($file | IN($ours[])) | .lines[] | {$file, line: .line_number, count}]
		| group_by(.file) | map({file: .[0].file, lines: (group_by(.line)
			| map({line: .[0].line, count: (map(.count) | add)}))})' \
		--argjson ours "$(cd "$root/driver" && basename -a -- *.[ch] providers/*.[ch] | jq -R . | jq -s .)" >"$out/coverage.json"
}

# Lines that follow each other as a range.
show() {
	jq -r '
		def ranges: reduce .[] as $n ([]; if length > 0 and .[-1][1] == $n - 1
			then .[-1][1] = $n else . + [[$n, $n]] end)
			| map(if .[0] == .[1] then "\(.[0])" else "\(.[0])-\(.[1])" end) | join(" ");
		def percent($part; $all): (1000 * $part / $all | floor / 10);
		def row($name): (map(select(.count > 0)) | length) as $ran
			| "\($name)\t\($ran) of \(length)\t\(percent($ran; length)) %\t"
			+ (if $name == "all" then "" else map(select(.count == 0).line) | ranges end);
		(.[] | .file as $file | .lines | row($file)), ([.[].lines[]] | row("all"))' \
		"$out/coverage.json" | awk -F '\t' '{ printf "%-12s %-12s %7s  %s\n", $1, $2, $3, $4 }'
}

main() {
	local release name
	read_options "$@"
	one_at_a_time coverage
	release=$("$root/scripts/kernel/debug-kernel.sh" --release "$series")
	modules=$root/build/driver/$release-gcov
	if [[ ${#runs[@]} -gt 0 ]]; then
		[[ ${#only[@]} -gt 0 ]] || rm -rf "$out"
		[[ ${#only[@]} -eq 0 ]] || runs=("${only[@]}")
		make -C "$root/tests/guest" >&2
		make -C "$root/driver" KDIR="$("$root/scripts/kernel/debug-kernel.sh" --kdir "$series")" GCOV=1 >&2
		for name in "${runs[@]}"; do count "$name"; done
	fi
	add_up
	show
}

main "$@"

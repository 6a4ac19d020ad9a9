#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What our driver costs beside the kernel's own tests, in instructions, on one channel of the
# kernel's zynqmp_dma in one guest: dmatest against the engine path, gup_test and
# dma_map_benchmark against the pinned path. Prints three tables in Markdown.
#
# usage: scripts/dev/dmatest.sh [--cpus N] [--out DIR] [--rounds N]
#
#   --cpus N     CPUs of the board that run, 1 or 2 (1); pinning and mapping are timed on one
#   --out DIR    where what the guests said goes (build/dmatest)
#   --rounds N   dmatest and ours in turn so often (2)
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"

readonly arch=arm64
series=$(own_kernel)
out=$root/build/dmatest
rounds=2
cpus=1

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--out)
			need_value "$1" $#
			out=$2
			shift
			;;
		--cpus)
			need_value "$1" $#
			[[ $2 =~ ^[12]$ ]] || usage_error "--cpus $2: expected 1 or 2"
			cpus=$2
			shift
			;;
		--rounds)
			need_value "$1" $#
			[[ $2 =~ ^[1-9]$ ]] || usage_error "--rounds $2: expected a number from 1 to 9"
			rounds=$2
			shift
			;;
		-h | --help) show_help ;;
		*) usage_error "unknown argument $1" ;;
		esac
		shift
	done
}

# The program that asks gup_test and dma_map_benchmark, with their own headers.
build_costs() {
	local kdir=$1 source to=$root/build/arm64/dmatest
	source=$("$root/scripts/kernel/kernel-modules.sh" --sources "$series")
	mkdir -p "$to"
	"${arch_triple[$arch]}-gcc" -O2 -Wall -Wextra -iquote "$source/mm" \
		-iquote "${kdir%-"$arch"}-common/include/linux" -o "$to/kernel_costs" \
		"$root/scripts/dev/dmatest/kernel_costs.c"
}

# A boot: MODE CPUS SCRIPT ARGUMENT... One CPU takes the interrupts too: with two, what an operation
# takes depends on which of them it began on.
boot() {
	local mode=$1 cpus=$2
	shift 2
	"$root/scripts/vm.sh" --machine versal "--$mode" --out "$out/${1##*/}" --log "$out/${1##*/}.log" \
		--append "maxcpus=$cpus" --insmod "dmabench zynqmp_dma" --with "$modules" -- sh "$@" build/dmatest/kernel_costs
}

# dmatest_of SIZE WAIT ROUND: what an operation of it took.
dmatest_of() {
	awk -v size="$1" -v wait="$2" -v round="$3" \
		'$2 == size && $3 == wait && ++n == round { print 1e9 / $4 }' "$out/guest/dmatest"
}

# The engine path against dmatest, in instructions.
engine_table() {
	local dir=$out/guest size wait theirs name round
	echo "| bytes | wait | dmatest | engine, depth 1 | ratio | of it in the driver | with max_len | ratio |"
	echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
	for size in 4096 65536 1048576; do
		for wait in interrupt poll; do
			for ((round = 1; round <= rounds; round++)); do
				theirs=$(dmatest_of "$size" "$wait" "$round")
				name=$size-$wait-$round.json
				jq -r --argjson theirs "$theirs" --arg size "$size" --arg wait "$wait" \
					--slurpfile told "$dir/told-$name" '
					def ratio: . / $theirs * 1000 | round / 1000;
					.cases[0] | $told[0].cases[0].time.value as $told |
					"| \($size) | \($wait) | \($theirs | round) | \(.time.value | round) | " +
					"\(.time.value | ratio) | \(.stages.total | round) | " +
					"\($told | round) | \($told | ratio) |"' "$dir/engine-$name"
			done
		done
	done
}

# With many descriptors in flight: what is left of an operation of 4 KiB.
deep_table() {
	local dir=$out/guest wait round theirs
	echo "| wait | engine, 32 descriptors of 4096 bytes: each | of dmatest's 4096 bytes |"
	echo "| --- | --- | --- |"
	for wait in interrupt poll; do
		for ((round = 1; round <= rounds; round++)); do
			theirs=$(dmatest_of 4096 "$wait" "$round")
			jq -r --argjson theirs "$theirs" --arg wait "$wait" '.cases[0] | (.time.value / 32) as $each |
				"| \($wait) | \($each | round) | \($each / $theirs * 1000 | round / 1000) |"' \
				"$dir/deep-4096-$wait-$round.json"
		done
	done
}

# A page of each side, pinned and mapped and back, in instructions.
pages_table() {
	local dir=$out/guest_pages stage sum_theirs=0 sum_ours=0 theirs ours
	echo "| stage | gup_test, dma_map_benchmark | pinned path | ratio |"
	echo "| --- | --- | --- | --- |"
	for stage in pin map unmap unpin; do
		# Both sides: what is read and what is written. The first round warms up.
		theirs=$(awk -v stage="$stage" '
			{ for (i = 1; i < NF; i++) if ($i == stage) value[stage, $1 $2] = $(i + 1 + (i == 1)) }
			END { for (key in value) sum += value[key]; print sum / 8 }' "$dir/kernel")
		ours=$(jq --arg stage "$stage" '.cases[0] | .stages[$stage] / 8 / (.params.size / 4096)' \
			"$dir/pinned-2.json")
		table_row "$stage" "$theirs" "$ours"
		sum_theirs=$(awk "BEGIN { print $sum_theirs + $theirs }")
		sum_ours=$(awk "BEGIN { print $sum_ours + $ours }")
	done
	table_row all "$sum_theirs" "$sum_ours"
}

table_row() {
	awk -v name="$1" -v theirs="$2" -v ours="$3" \
		'BEGIN { printf "| %s | %.0f | %.0f | %.2f |\n", name, theirs, ours, ours / theirs }'
}

main() {
	local kdir
	read_options "$@"
	"$root/scripts/dev/cross.sh" arm64 dmatest gup_test map_benchmark >&2
	kdir=$("$root/scripts/kernel/headers.sh" "$series" "$arch")
	modules=build/driver/${kdir##*/linux-headers-}
	one_at_a_time dmatest
	build_costs "$kdir"
	mkdir -p "$out"
	rm -rf "$out"/guest{,_pages}{,.log}
	boot icount "$cpus" scripts/dev/dmatest/guest "$modules" "$rounds"
	boot warp 1 scripts/dev/dmatest/guest_pages "$modules"
	engine_table
	echo
	deep_table
	echo
	pages_table
}

main "$@"

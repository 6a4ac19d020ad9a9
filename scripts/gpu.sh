#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the copy engines of a GPU would do for the host's bytes: builds the harness, lists the GPUs,
# measures gpu-staged and gpu-staged-pinned beside copies by the CPU, by size, depth, chunk and way
# of waiting, and looks for the size from which on they pay. Minutes.
#
# usage: scripts/gpu.sh [--quick] [--engine NAME] [--any-kind] [--dmabench FILE] [--out DIR]
#
#   --quick          fewer sizes, fewer launches, no crossover; about a minute
#   --engine NAME    gpu0, gpu1 … (nvidia: the first usable one)
#   --any-kind       also where the GPU isn't hardware, which shows no more than that it works
#   --dmabench FILE  this program instead of building one
#   --out DIR        result.json, crossover-*.json, report and pictures go there (build/gpu)
#   -h, --help       this text
#
# Exit status: 0 measured; 1 a case failed; 2 wrong usage; 3 no GPU that can be used.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

out=$statedir/gpu
asked=
engine=nvidia
quick=no
any_kind=no

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--dmabench)
			need_value "$1" $#
			asked=$2
			shift
			;;
		--engine | --out)
			need_value "$1" $#
			printf -v "${1#--}" '%s' "$2"
			shift
			;;
		--quick) quick=yes ;;
		--any-kind) any_kind=yes ;;
		-h | --help) show_help ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	[[ -n $out ]] || usage_error "--out: expected a folder"
	[[ -z $asked || -x $asked ]] || usage_error "--dmabench $asked: expected a program"
}

# What there is, for the record, and whether it is what is wanted. Without jq, which machines with
# a GPU may not have.
look() {
	local gpus
	"$dmabench" list >"$out/list.txt"
	"$dmabench" list --json >"$out/list.json"
	"$dmabench" env >"$out/env.txt" || true
	! grep '^  gpu-staged .*; not usable: ' "$out/list.txt" >"$out/why.txt" ||
		die "$(sed 's/.*; not usable: //' "$out/why.txt")" 3
	rm "$out/why.txt"
	gpus=$(grep '^  gpu[0-9]' "$out/list.txt")
	message "$gpus"
	[[ $any_kind == yes ]] || grep -q '^  gpu[0-9]* *hardware' <<<"$gpus" || die "none of them is hardware" 3
}

measure() {
	local sizes=4K,64K,1M,4M,16M,64M,256M launches=5 gpu=gpu-staged,gpu-staged-pinned
	[[ $quick == no ]] || sizes=64K,4M,64M launches=2
	"$dmabench" run --force -o "$out/result.json" --launches "$launches" --samples 5 --budget-ms 200 \
		--neighbour-ms 10 \
		--path "memcpy,nt,memcpy-mt,$gpu" --engine "$engine" --size "$sizes" --wait interrupt \
		--and --path "$gpu" --engine "$engine" --size 1M,64M --wait poll \
		--and --path gpu-staged --engine "$engine" --size 64M --depth 1,2,8,16 --chunk 4M \
		--and --path gpu-staged --engine "$engine" --size 64M --depth 4 --chunk 256K,1M,2M,8M,16M
}

# Neither no crossing nor one that can't be told is a failure.
cross() {
	local cpu code
	for cpu in memcpy memcpy-mt; do
		code=0
		"$dmabench" crossover --force -o "$out/crossover-$cpu.json" --path "$cpu,gpu-staged" --engine "$engine" \
			--size 64K,256M --launches 8 --samples 3 --budget-ms 100 || code=$?
		[[ $code -eq 0 || $code -eq 3 ]] || return "$code"
	done
}

# Pictures take gnuplot, which a machine with a GPU may not have: the result can be drawn elsewhere.
draw() {
	"$root/scripts/plot.sh" "$out/result.json" "$out/plots" || warn "no pictures: $(called plot) draws result.json anywhere"
	"$root/scripts/report.sh" "$out/result.json" "$out" || warn "no report: $(called report) makes it of result.json anywhere"
}

read_options "$@"
make_folder "$out"
if [[ -n $asked ]]; then dmabench=$asked; else build_bench; fi
look
status=0
measure || status=$?
[[ $quick == yes || $status -ne 0 ]] || cross || status=$?
[[ ! -s $out/result.json ]] || draw
say "all of it is in $out"
exit "$status"

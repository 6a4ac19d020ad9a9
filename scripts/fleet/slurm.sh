#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The main job on each node of a Slurm allocation, then dmabench fleet over what they brought.
#
# usage: sbatch --nodes=N --export=ALL,DMABENCH_TREE=$PWD scripts/fleet/slurm.sh DIR [BENCH-OPTION...]
#
#   DIR             a folder that all nodes see: a folder a node, and report/ with what stands out
#   BENCH-OPTION    of scripts/bench.sh, such as --quick; --no-install is added
#
# DMABENCH_TREE is this source tree, which all nodes must see too: sbatch keeps a copy of this script
# elsewhere. The first node builds, and each measures alone (--exclusive). A node that dies takes
# nothing else with it: it is listed as one that didn't answer. The job's exit status is that of
# dmabench fleet: 0 none stands out, 1 some do, 3 some couldn't be judged, 2 wrong usage.
#SBATCH --job-name=dmabench-fleet
#SBATCH --ntasks-per-node=1
#SBATCH --exclusive
#SBATCH --no-kill
set -euo pipefail

tree=${DMABENCH_TREE:-$(dirname "${BASH_SOURCE[0]}")/../..}
# shellcheck source=scripts/lib/common.sh
source "$tree/scripts/lib/common.sh" || exit 2
# shellcheck source=scripts/fleet/asked.sh
source "$root/scripts/fleet/asked.sh"

# What is known of a node that brought no result.
why_silent() { # NODE
	local state
	state=$(sinfo -h -n "$1" -o %T 2>/dev/null | sort -u | paste -sd ' ') || true
	printf 'its step ended without an answer; Slurm says that it is %s\n' "${state:-unknown}"
}

measure() {
	local node status=0
	for node in "${nodes[@]}"; do asked "$dir" "$node"; done
	# shellcheck disable=SC2016 # the node expands
	# Nodes end when they are done, not when the first one is; one that fails stops none.
	srun --ntasks-per-node=1 --kill-on-bad-exit=0 --no-kill --wait=0 \
		bash -c 'exec "$0/scripts/fleet/one.sh" "$1" "$SLURMD_NODENAME" "${@:2}"' "$root" "$dir" --no-install "$@" ||
		status=$?
	[[ $status -eq 0 ]] || say "srun ended with status $status"
	for node in "${nodes[@]}"; do
		node_ended "$node" || asked "$dir" "$node" null "$(why_silent "$node")"
	done
}

node_ended() {
	jq -e '.status != null' "$dir/$(asked_folder "$1")/asked.json" >/dev/null 2>&1
}

main() {
	case ${1-} in
	-h | --help) show_text "$(help_of "$root/scripts/fleet/slurm.sh")" ;;
	'') usage_error "expected DIR" ;;
	esac
	[[ -n ${SLURM_JOB_NODELIST-} ]] || usage_error "this is no Slurm job: run it by sbatch"
	make_folder "$1"
	dir=$(realpath -- "$1")
	shift
	mapfile -t nodes < <(scontrol show hostnames "$SLURM_JOB_NODELIST")
	[[ ${#nodes[@]} -gt 0 ]] || die "Slurm names no node" 2
	build_bench
	measure "$@"
	exec "$root/scripts/fleet.sh" "$dir" "$dir/report"
}

main "$@"

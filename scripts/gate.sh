#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034 # what the parts use, shellcheck doesn't see
# Is it slower? Measures what is needed to say so, decides with dmabench compare, and ends
# with its verdict. docs/gate.md says how it decides and how often it is wrong.
#
# usage: scripts/gate.sh --against GITREF [options]          this tree and another commit, side by side
#        scripts/gate.sh --setup A.sh --setup B.sh [options] this build under two settings, side by side
#        scripts/gate.sh --icount --against GITREF [options] the driver's instructions, in a guest
#        scripts/gate.sh --baseline FILE [options]           this tree and a stored baseline
#        scripts/gate.sh --accept RESULT [--again RESULT] --store FILE [--changed LIST]
#
#   --cases quick|FILE|'ARGS'  what to measure: the usual few cases (quick), or arguments of
#                              dmabench run, also in a file (quick)
#   --launches N               pairs of launches (40)
#   --threshold PERCENT        the smallest change that fails (5; with --icount 0.5)
#   --changed LIST             conditions that may differ, being what is under test
#   --seed N                   of orders and patterns (from the clock)
#   --out DIR                  a folder for the results (build/gate/results/DATE)
#   --driver-args ARGS         with --icount: make's, for this tree's driver (tests break it so)
#   --advisory                 print and write the same, exit 0 where it would be 1, 3 or 4
#   -h, --help                 this text
#
# A setup is run by bash before each launch of its side. With --against, the first --setup is
# the commit's and the second this tree's. Measured failures are measured once more before they
# stand. Writes DIR/{base.json,new.json,compare.json,compare.md,junit.xml,compare.html,plots}, the table to stdout.
#
# --accept stores a baseline: a complete run of HEAD by a clean build, which agrees with a
# second one, and isn't slower than the baseline that is there.
#
# Exit status: 0 no regression; 1 regression, or a case is missing or failed; 2 wrong usage,
# or something can't be built, read or written; 3 inconclusive; 4 not comparable; 125 and 126
# the guest failed, see scripts/vm.sh; 128 plus the signal when interrupted.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$root/scripts/lib/child.sh"
for part in build cases decide pairs baseline accept icount; do
	# shellcheck source=/dev/null
	source "$root/scripts/gate/$part.sh"
done

against=
setups=()
cases_wanted=quick
launches=
threshold=
changed=
seed=
out=
baseline=
accept=
again=
store=
driver_args=
icount=no
advisory=no

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--icount | --advisory) printf -v "${1#--}" yes ;;
		--cases)
			need_value "$1" $#
			cases_wanted=$2
			shift
			;;
		--setup)
			need_value "$1" $#
			setups+=("$2")
			shift
			;;
		--driver-args)
			need_value "$1" $#
			driver_args=$2
			shift
			;;
		--against | --launches | --threshold | --changed | --seed | --out | --baseline | \
			--accept | --again | --store)
			need_value "$1" $#
			[[ -n $2 ]] || usage_error "$1 needs a value"
			printf -v "${1#--}" '%s' "$2"
			shift
			;;
		-h | --help) show_help ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
}

# Which of the jobs it is; sets $job.
choose_job() {
	local jobs=()
	[[ -z $accept ]] || jobs+=(accept)
	[[ -z $baseline ]] || jobs+=(baseline)
	[[ $icount == no ]] || jobs+=(icount)
	[[ $icount == yes || -z $against$baseline$accept && ${#setups[@]} -eq 0 ]] ||
		[[ -n $baseline$accept ]] || jobs+=(pairs)
	[[ ${#jobs[@]} -eq 1 ]] ||
		usage_error "expected one of --against, two --setup, --icount, --baseline or --accept"
	job=${jobs[0]}
}

check_file() { # OPTION FILE
	[[ -r $2 && ! -d $2 ]] || usage_error "$1 $2: expected a file that can be read"
}

check_options() {
	local setup
	[[ -z $launches || $launches =~ ^[1-9][0-9]{0,2}$ ]] ||
		usage_error "--launches $launches: expected a number from 1 to 999"
	[[ -z $seed || $seed =~ ^[0-9]{1,15}$ ]] || usage_error "--seed $seed: expected a number"
	[[ -z $threshold || $threshold =~ ^[0-9]+(\.[0-9]+)?$ ]] ||
		usage_error "--threshold $threshold: expected a percentage"
	[[ ${#setups[@]} -eq 0 || ${#setups[@]} -eq 2 ]] ||
		usage_error "--setup: expected two of them, for base and new"
	for setup in ${setups[@]+"${setups[@]}"}; do check_file --setup "$setup"; done
	[[ $cases_wanted == quick || $job == pairs ]] || usage_error "--cases: only for side by side"
	[[ ${#setups[@]} -eq 0 || $job == pairs ]] || usage_error "--setup: only for side by side"
	[[ -z $against || $job == pairs || $job == icount ]] || usage_error "--against: not with --$job"
	[[ $job != icount || -n $against ]] || usage_error "--icount needs --against GITREF"
	[[ $job == icount || -z $driver_args ]] || usage_error "--driver-args: only with --icount"
	[[ $job == accept || -z $again$store ]] || usage_error "--again, --store: only with --accept"
	[[ $job != accept || -n $store ]] || usage_error "--accept needs --store FILE"
	[[ -z $baseline ]] || check_file --baseline "$baseline"
	[[ -z $accept ]] || check_file --accept "$accept"
	[[ -z $again ]] || check_file --again "$again"
	[[ ! -e $out/new.json && ! -e $out/base.json ]] ||
		usage_error "--out $out: there are results already; choose another folder"
	seed=${seed:-$(($(date +%s%N) / 1000 % 1000000000))}
}

# A folder of its own, also where another gate begins in the same second.
make_out() {
	local name n=1
	name=${DMABENCH_GATE_CACHE:-$statedir/gate}/results/$(date -u +%Y%m%dT%H%M%SZ)
	if [[ -n $out ]]; then
		make_folder "$out"
	else
		make_folder "${name%/*}"
		out=$name
		until mkdir "$out" 2>/dev/null; do
			[[ -e $out ]] || die "can't make the folder $out" 2
			out=$name-$((++n))
		done
	fi
	: >"$out/.writable" || die "can't write to $out" 2
	rm "$out/.writable"
	out=$(cd "$out" && pwd -P)
}

# shellcheck disable=SC2317 # a trap calls it
on_exit() {
	local code=$?
	end_child
	drop_unfinished
	exit "$code"
}

main() {
	read_options "$@"
	choose_job
	check_options
	trap on_exit EXIT
	exit_on_signals
	"job_$job"
}

main "$@"

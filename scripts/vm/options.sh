# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# The options of scripts/vm.sh, checked before anything runs.

kernel_wanted=
machine=${arch_machine[$host_arch]-}
arch=
given=()
accel_wanted=auto
mode=
date=
iommu=strict
smp=
nodes=2
cpuless=
memless=
distances=
memory=1G
insmod=()
module_dir=
with=()
guest_env=()
extra_append=()
out=
timeout=600
log=
allow_warnings=
verbose=no
command=()

# one_of OPTION VALUE ALLOWED...
one_of() {
	local option=$1 value=$2 allowed
	shift 2
	for allowed in "$@"; do
		[[ $value != "$allowed" ]] || return 0
	done
	usage_error "$option $value: expected one of $*"
}

# number OPTION VALUE MAXIMUM: from 1 on.
number() {
	[[ $2 =~ ^[1-9][0-9]{0,6}$ && $2 -le $3 ]] ||
		usage_error "$1 $2: expected a number from 1 to $3"
}

read_option() {
	case $1 in
	--kernel)
		[[ $2 =~ ^(debug-)?[0-9]+\.[0-9][A-Za-z0-9.+~-]*$ ]] ||
			usage_error "$1 $2: expected a series of kernels, a release or debug-SERIES"
		[[ $2 != debug-* ]] || is_known_kernel "${2#debug-}" ||
			usage_error "$1 $2: expected debug- and one of $(known_kernels | paste -s -d ' ')"
		kernel_wanted=$2
		;;
	--machine) machine=$2 ;;
	--accel) accel_wanted=$2 ;;
	--date) date=$2 ;;
	--iommu) iommu=$2 ;;
	--smp) smp=$2 ;;
	--nodes) nodes=$2 ;;
	--cpuless) cpuless=$2 ;;
	--memless) memless=$2 ;;
	--distances) distances=$2 ;;
	--mem) memory=$2 ;;
	--insmod) read -r -a insmod <<<"$2" ;;
	--module-dir) module_dir=$2 ;;
	--with) with+=("$2") ;;
	--env) guest_env+=("$2") ;;
	--append) extra_append+=("$2") ;;
	--out) out=$2 ;;
	--timeout) timeout=$2 ;;
	--log) log=$2 ;;
	--allow-warnings) allow_warnings=$2 ;;
	*) usage_error "unknown option $1" ;;
	esac
}

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		--icount | --warp) mode=${1#--} ;;
		--verbose) verbose=yes ;;
		--)
			shift
			break
			;;
		-*)
			case $1 in
			--kernel | --machine | --accel | --date | --iommu | --smp | --nodes | --cpuless | \
				--memless | --distances | --mem | --insmod | \
				--module-dir | --with | --env | --append | --out | --timeout | --log | \
				--allow-warnings) need_value "$1" $# ;;
			*) usage_error "unknown option $1" ;;
			esac
			given+=("$1")
			read_option "$1" "$2"
			shift
			;;
		*) break ;;
		esac
		shift
	done
	[[ $# -gt 0 ]] || usage_error "no command to run"
	command=("$@")
	check_options
}

# Nodes that lack something: each one there is, and some must be left.
lacking() { # OPTION LIST
	local node left=$nodes
	[[ -z $2 || $2 =~ ^[0-9](,[0-9])*$ ]] || usage_error "$1 $2: expected nodes like 3 or 2,3"
	for node in ${2//,/ }; do
		[[ $node -lt $nodes ]] || usage_error "$1 $2: there are $nodes nodes, from 0 on"
		left=$((left - 1))
	done
	[[ $left -gt 0 ]] || usage_error "$1 $2: expected at least one node to be left"
}

check_nodes() {
	local value count=0
	number --nodes "$nodes" 8
	lacking --cpuless "$cpuless"
	lacking --memless "$memless"
	[[ ,$memless, != *,0,* ]] || usage_error "--memless $memless: node 0 must have memory"
	[[ -n $distances ]] || return 0
	[[ $distances =~ ^[0-9,]+$ ]] || usage_error "--distances $distances: expected numbers like 21,31,21"
	for value in ${distances//,/ }; do
		[[ $value -gt 10 && $value -lt 255 ]] ||
			usage_error "--distances $distances: expected numbers from 11 to 254"
		count=$((count + 1))
	done
	[[ $count -eq $((nodes * (nodes - 1) / 2)) ]] ||
		usage_error "--distances $distances: expected one number for each of $((nodes * (nodes - 1) / 2)) pairs"
}

# What is built from the source tree for guests, an installed one hasn't.
in_tree_alone() {
	[[ $installed == yes ]] || return 0
	[[ $arch == "$host_arch" ]] ||
		usage_error "--machine $machine: only in the source tree, where what such a guest runs is built"
	[[ $kernel_wanted != debug-* ]] ||
		usage_error "--kernel $kernel_wanted: only in the source tree, which says how to build it"
}

# A machine, and nothing asked of it that it doesn't have.
check_machine() {
	local option
	[[ -n $machine ]] ||
		usage_error "no guest is like this machine ($host_arch): --machine says which (${!machine_arch[*]})"
	one_of --machine "$machine" "${!machine_arch[@]}"
	arch=${machine_arch[$machine]}
	in_tree_alone
	kernel_wanted=${kernel_wanted:-$(kernel_of "$arch")}
	for option in ${given[@]+"${given[@]}"}; do
		[[ " ${machine_takes[q35]} " != *" $option "* || " ${machine_takes[$machine]} " == *" $option "* ]] ||
			usage_error "$option: not with --machine $machine"
	done
	[[ $arch == "$debug_arch" || $kernel_wanted != debug-* ]] ||
		usage_error "--kernel $kernel_wanted: not with --machine $machine"
	[[ $accel_wanted != kvm ]] || can_kvm ||
		usage_error "--accel kvm: not with --machine $machine on this $(uname -m)"
}

check_options() {
	local pair path regex_status=0
	check_machine
	one_of --accel "$accel_wanted" auto kvm tcg
	one_of --iommu "$iommu" strict lazy pt off
	check_nodes
	if [[ -z $smp ]]; then
		smp=$((nodes > 2 ? nodes : 2))
		[[ -z $mode ]] || smp=1
	fi
	number --smp "$smp" 64
	# With more, the second CPU never comes up.
	[[ -z $mode || $smp -eq 1 ]] || usage_error "--smp $smp: --$mode needs one CPU"
	[[ -z $mode || $accel_wanted != kvm ]] || usage_error "--$mode: not with --accel kvm"
	[[ -z $date || $date =~ ^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9](:[0-5][0-9]){2}$ ]] ||
		usage_error "--date $date: expected a time like 2026-01-31T12:00:00"
	[[ -z $date || $mode == icount ]] || usage_error "--date $date: only with --icount"
	[[ $memory =~ ^[1-9][0-9]{0,5}[MG]$ ]] || usage_error "--mem $memory: expected a size like 512M or 2G"
	number --timeout "$timeout" 86400
	number DMABENCH_BOOT_LIMIT "$boot_limit" 86400
	for pair in ${guest_env[@]+"${guest_env[@]}"}; do
		[[ $pair =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || usage_error "--env $pair: expected NAME=VALUE"
	done
	for path in ${with[@]+"${with[@]}"}; do
		[[ -n $path && $path != /* && $path != *..* && -e $root/$path ]] ||
			usage_error "--with $path: expected a file or folder of the tree"
	done
	if [[ -n $allow_warnings ]]; then
		grep -qE -e "$allow_warnings" </dev/null 2>/dev/null || regex_status=$?
		[[ $regex_status -ne 2 ]] || usage_error "--allow-warnings: not a regular expression"
	fi
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # shared with scripts/vm.sh and the files beside it
#
# CPUs, memory and NUMA nodes of the machines that have several.

# in_mib SIZE: 512M or 2G as a number of MiB.
in_mib() {
	case $1 in
	*G) echo $((${1%G} * 1024)) ;;
	*) echo "${1%M}" ;;
	esac
}

# Memory and CPUs, spread evenly over the nodes that are to have them. A socket for each
# CPU: cores that share a cache but not a node make the kernel complain.
machine_nodes() {
	local node cpu per_node with_memory=() with_cpus=()
	for ((node = 0; node < nodes; node++)); do
		[[ ,$memless, == *,$node,* ]] || with_memory+=("$node")
		[[ ,$cpuless, == *,$node,* ]] || with_cpus+=("$node")
	done
	per_node=$(($(in_mib "$memory") / ${#with_memory[@]}))
	qemu+=(-m "$((per_node * ${#with_memory[@]}))M" -smp "$smp,sockets=$smp,cores=1,threads=1")
	for ((node = 0; node < nodes; node++)); do
		if [[ ,$memless, == *,$node,* ]]; then
			qemu+=(-numa "node,nodeid=$node")
			continue
		fi
		qemu+=(-object "memory-backend-ram,id=ram$node,size=${per_node}M"
			-numa "node,nodeid=$node,memdev=ram$node")
	done
	for ((cpu = 0; cpu < smp; cpu++)); do
		node=${with_cpus[cpu * ${#with_cpus[@]} / smp]}
		qemu+=(-numa "cpu,node-id=$node,socket-id=$cpu,core-id=0,thread-id=0")
	done
	machine_distances
}

# How far the nodes are from each other: pairs in the order 0-1, 0-2, 1-2 and so on.
machine_distances() {
	local from to values=()
	[[ -n $distances ]] || return 0
	IFS=, read -r -a values <<<"$distances"
	for ((from = 0; from < nodes; from++)); do
		for ((to = from + 1; to < nodes; to++)); do
			qemu+=(-numa "dist,src=$from,dst=$to,val=${values[0]}")
			values=("${values[@]:1}")
		done
	done
}

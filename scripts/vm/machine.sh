# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2054,SC2154 # shared with scripts/vm.sh and the files beside it
#
# What the guest's machine consists of. One function a machine; each fills the
# array `qemu` with a command line and the array `append` with kernel arguments
# from the options that scripts/vm.sh has read.

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

# The host's folders. QEMU reads a doubled comma in a path as one.
machine_folders() {
	qemu+=(-fsdev "local,id=host,path=${share//,/,,},security_model=none"
		-device virtio-9p-pci,fsdev=host,mount_tag=host
		-fsdev "local,id=out,path=${out//,/,,},security_model=none"
		-device virtio-9p-pci,fsdev=out,mount_tag=out)
}

# How instructions run: by the host's CPU, translated, or counted, where each is
# one nanosecond of guest time and idle time passes at once.
machine_speed() {
	case $accel in
	kvm) qemu+=(-accel kvm -cpu host) ;;
	tcg) qemu+=(-accel "tcg,thread=multi" -cpu max) ;;
	icount)
		qemu+=(-accel "tcg,thread=single" -cpu max -icount "shift=0,align=off,sleep=off"
			-seed 1 -rtc clock=vm)
		append+=(nokaslr norandmaps)
		;;
	# Eight nanoseconds an instruction: who polls for a timer waits for fewer of them.
	warp) qemu+=(-accel "tcg,thread=single" -cpu max -icount "shift=3,align=off,sleep=off") ;;
	esac
}

machine_iommu() {
	case $iommu in
	strict) append+=(intel_iommu=on iommu.strict=1) ;;
	lazy) append+=(intel_iommu=on iommu.strict=0) ;;
	pt) append+=(intel_iommu=on iommu=pt) ;;
	off) append+=(intel_iommu=off) ;;
	esac
}

# x86-64 with an Intel IOMMU, NUMA nodes and QEMU's edu device, whose default
# address mask of 28 bits is widened to all of memory.
machine_q35() {
	append=(console=ttyS0 ignore_loglevel printk.devkmsg=on panic=-1 tsc=reliable
		"dmabench_platform=$platform")
	qemu=(qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot
		-machine "q35,kernel-irqchip=split" -device intel-iommu,intremap=on
		-device edu,dma_mask=0xffffffffffffffff)
	machine_speed
	machine_nodes
	machine_iommu
	machine_folders
	append+=(${extra_append[@]+"${extra_append[@]}"})
	qemu+=(-kernel "$vmlinuz" -initrd "$run/initramfs" -serial "file:$serial"
		-append "${append[*]}")
}

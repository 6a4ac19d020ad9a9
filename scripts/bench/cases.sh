# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2054,SC2154 # set here for bench.sh, which sets $mode
#
# Which cases each mode measures: arguments for dmabench run, in $cases. Groups are
# separated by --and; they run interleaved.

cpu_paths=memcpy,movsb,nt,fastest,memcpy-mt
driver_paths=pinned,registered,coherent,engine
queue_paths=dsa,dsa-async
used_paths=memcpy,nt,pinned,registered,coherent,dsa # what the CPU finds after each of them
preparing_calls=call-registered,call-pin-fresh,call-sync
access_paths=memory-read,memory-write,coherent-read,coherent-write,coherent-out,call-pread

node_count() {
	find /sys/devices/system/node -maxdepth 1 -name 'node[0-9]*' 2>/dev/null | wc -l
}

# Every node against every other: cases grow with the third power of the nodes, so larger
# machines get fewer paths.
numa_cases() {
	case $(node_count) in
	0 | 1) ;;
	2) cases+=(--and --path memcpy,nt,pinned,registered,engine,migrate,dsa --size 1M,64M --numa-matrix) ;;
	3 | 4) cases+=(--and --path memcpy,engine,dsa --size 64M --numa-matrix) ;;
	*) warn "more than 4 NUMA nodes: choose paths and sizes, and run dmabench run --numa-matrix" ;;
	esac
}

has_gpu() {
	[[ -e /dev/nvidiactl ]]
}

# Only where NVIDIA's driver is: a report of another machine has nothing to say about it.
gpu_cases() {
	has_gpu || return 0
	case $mode in
	quick) cases+=(--and --path gpu-staged --size 64K,1M,16M) ;;
	default) cases+=(--and --path gpu-staged,gpu-staged-pinned --size 64K,256K,1M,4M,16M,64M) ;;
	full)
		cases+=(--and --path gpu-staged,gpu-staged-pinned --size 16K,64K,256K,1M,4M,16M,64M,256M
			--wait interrupt,poll
			--and --path gpu-staged --size 64M --depth 1,2,8 --chunk 1M,4M,16M)
		;;
	esac
}

host_cases() {
	case $mode in
	quick)
		cases=(--launches 3 --samples 5 --budget-ms 150 --cpu-ms 40 --calibrate-ms 20
			--path "$cpu_paths,$driver_paths,$queue_paths" --size 4K,64K,1M,16M
			--and --path "$used_paths" --size 1M --use write+read
			--and --path null --size 4K
			--and --path mremap,uffd-move,shared --size 4K,64K,1M,16M
			--and --path cow-private,cow-fork --size 1M,16M --share 0,10,50,100)
		;;
	default)
		cases=(--launches 10
			--path "$cpu_paths,$driver_paths,$queue_paths" --size 1K,4K,16K,64K,256K,1M,4M,16M,64M
			--and --path memcpy,movsb,nt,fastest --size 64K,1M,16M --cache cold
			--and --path "$used_paths" --size 64K,1M,16M --use write+read
			--and --path memcpy,nt,coherent --size 1M,16M --use read
			--and --path cow-private,mremap --size 1M --use write+read
			--and --path memcpy,nt,pinned,dsa --size 64K,16M --touch fresh
			--and --path null --size 4K,16M
			--and --path mremap,uffd-move,shared --size 4K,64K,1M,16M,64M
			--and --path process-vm,splice --size 4K,64K,1M
			--and --path "$preparing_calls" --size 4K,64K,1M,16M --pages 4K,thp
			--and --path "$access_paths" --size 4K,64K,1M,16M
			--and --path cow-private,cow-fork --size 64K,1M,16M --share 0,1,10,50,100)
		;;
	full)
		cases=(--launches 20 --budget-ms 600 --cpu-ms 100 --neighbour-ms 10
			--path "$cpu_paths,movsq,vector,$driver_paths,$queue_paths"
			--size 256,1K,4K,16K,64K,256K,1M,4M,16M,64M,256M --cache hot
			--and --path memcpy,movsb,nt,fastest,pinned,registered --size 4K,64K,1M,16M,64M --cache cold
			--and --path vector --vector 128,256 --size 4K,64K,1M
			--and --path nt --vector 128,256 --size 16M,64M
			--and --path nt --prefetch 512,2048,4096 --size 1M,16M,64M
			--and --path memcpy,nt,fastest,pinned,registered --size 1M,16M --pages thp,2M
			--and --path memcpy,nt,pinned --size 64K,1M --offset 1
			--and --path "$driver_paths" --size 4K,64K,1M --wait poll
			--and --path pinned-mt,registered-mt --size 1M,64M --channels 1,2,0
			--and --path batch,memcpy-batch --size 64K,1M --batch 1,16,256
			--and --path memcpy-mt --size 4K,16K,64K,256K,1M,16M --queue 64
			--and --path pinned-async,registered-async --size 1M,16M --depth 1,4,16,64 --wait interrupt,poll
			--and --path dsa --size 4K,64K,1M --dsa-wait umwait,yield
			--and --path dsa --size 4K,64K,1M,16M --cc cache
			--and --path dsa-async --size 1M,16M --depth 1,4
			--and --path dsa-batch --size 64K,1M --batch 16,256
			--and --path "$used_paths,memcpy-mt" --size 4K,64K,1M,16M --use read,write+read
			--and --path memcpy,nt --size 1M --cache cold --use read,write+read
			--and --path cow-private,mremap,uffd-move,shared,process-vm --size 1M,16M --use read,write+read
			--and --path memcpy,nt,memcpy-mt,pinned,dsa,process-vm --size 64K,1M,16M --touch fresh
			--and --path memcpy,pinned --size 16M --pages thp,2M --touch fresh
			--and --path memcpy,nt,pinned,registered,dsa --size 64K,16M --load 10,25,50,100
			--and --path memcpy-mt,pinned-mt,registered-mt --size 64M --direction both
			--and --path null --size 4K,16M
			--and --path mremap,uffd-move,shared --size 4K,64K,1M,16M,64M --share 0,100
			--and --path process-vm,splice --size 4K,64K,1M,16M,64M
			--and --path "$preparing_calls" --size 4K,64K,1M,16M --pages 4K,thp,2M
			--and --path "$access_paths" --size 4K,64K,1M,16M,64M
			--and --path memory-read,memory-write --size 1M,16M,64M --pages thp,2M
			--and --path process-vm,uffd-move,shared --size 16M,64M --pages thp,2M
			--and --path cow-private,cow-fork --size 64K,1M,16M,64M
			--share 0,1,2,5,10,25,50,100)
		numa_cases
		;;
	esac
	gpu_cases
}

# The edu device takes 100 ms for each of the two hops of at most 4095 bytes, and the
# guest is emulated: small sizes, few launches.
guest_cases() {
	local common=(--samples 3 --budget-ms 100 --sample-ms 1 --cpu-ms 50 --calibrate-ms 30)
	case $mode in
	quick)
		guest_timeout=300
		cases=("${common[@]}" --launches 2
			--path "$driver_paths" --engine dmabench_sim --size 4K,64K,1M
			--and --path "$driver_paths" --engine dmabench_edu --size 1K
			--and --path memcpy --size 4K,64K,1M
			--and --path null --size 4K)
		;;
	default)
		guest_timeout=600
		cases=("${common[@]}" --launches 3
			--path "$driver_paths" --engine dmabench_sim --size 4K,16K,64K,256K,1M
			--and --path pinned --engine dmabench_sim --size 64K --numa-matrix
			--and --path pinned,registered,coherent --engine dmabench_sim --size 64K --use write+read
			--and --path "$preparing_calls" --engine dmabench_sim --size 4K,64K,1M --pages 4K
			--and --path "$access_paths" --engine dmabench_sim --size 4K,64K,1M
			--and --path "$driver_paths" --engine dmabench_edu --size 1K,4K
			--and --path memcpy --size 4K,16K,64K,256K,1M
			--and --path null --size 4K)
		;;
	full)
		guest_timeout=1800
		cases=("${common[@]}" --launches 8
			--path "$driver_paths" --engine dmabench_sim --size 4K,16K,64K,256K,1M,4M
			--wait interrupt,poll
			--and --path pinned,registered,coherent --engine dmabench_sim --size 4K,64K,1M --use read,write+read
			--and --path pinned-mt,registered-mt --engine dmabench_sim --size 1M --channels 1,2
			--and --path pinned-mt,registered-mt --engine dmabench_sim --size 1M --channels 2 --direction both
			--and --path batch,memcpy-batch --engine dmabench_sim --size 64K --batch 1,16,256
			--and --path pinned-async,registered-async --engine dmabench_sim --size 1M --depth 1,4,16
			--wait interrupt,poll
			--and --path "$driver_paths" --engine dmabench_edu --size 1K,4K,8K
			--and --path memcpy,movsb,nt,memcpy-mt --size 4K,16K,64K,256K,1M,4M
			--and --path null --size 4K
			--and --path memcpy,pinned,engine --engine dmabench_sim --size 64K --numa-matrix)
		;;
	esac
}

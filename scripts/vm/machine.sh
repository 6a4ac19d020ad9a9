# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2054,SC2154 # shared with scripts/vm.sh and the files beside it
#
# What the guest's machine consists of. One file a machine in machines/, with one function;
# each fills the array `qemu` with a command line and the array `append` with kernel
# arguments from the options that scripts/vm.sh has read. What scripts/vm.sh itself must know
# of a machine is in these tables.

# Those that KVM can run, on a host of their architecture.
declare -rA machine_kvm=([q35]=yes [virt]=yes)

# Whose kernels may be started unpacked.
declare -rA machine_unpacked=([q35]=yes)

# The options that each takes, beyond those that any does.
declare -rA machine_takes=(
	[q35]="--iommu --smp --nodes --cpuless --memless --distances --mem"
	[virt]="--iommu --smp --nodes --cpuless --memless --distances --mem"
	[versal]="--mem"
	[raspi3b]=""
	[smdkc210]=""
	[sifive_u]="--mem"
)

# Modules that bring the guest to the host's folders, or to its own end.
declare -rA machine_modules=(
	[q35]="virtio_pci 9pnet_virtio 9p"
	[virt]="virtio_pci 9pnet_virtio 9p"
	[versal]="virtio_mmio 9pnet_virtio 9p"
	[raspi3b]="bcm2835_wdt"
	[smdkc210]=""
	[sifive_u]=""
)

# The guest's serial port that results come through, where it can't have the host's folders.
declare -rA machine_port=([raspi3b]=/dev/ttyS1 [smdkc210]=/dev/ttySAC1 [sifive_u]=/dev/ttySIF1)

for machine_file in "$root"/scripts/vm/machines/*.sh; do
	# shellcheck source=scripts/vm/machines/q35.sh
	source "$machine_file"
done

# The host's folders, on virtio's bus of the machine: pci, or device for its own. QEMU reads
# a doubled comma in a path as one.
machine_folders() {
	qemu+=(-fsdev "local,id=host,path=${share//,/,,},security_model=none"
		-device "virtio-9p-$1,fsdev=host,mount_tag=host"
		-fsdev "local,id=out,path=${out//,/,,},security_model=none"
		-device "virtio-9p-$1,fsdev=out,mount_tag=out")
}

# How instructions run: by the host's CPU, translated, or counted, where each is
# one nanosecond of guest time and idle time passes at once.
machine_speed() {
	case $accel in
	kvm) qemu+=(-accel kvm) ;;
	tcg)
		qemu+=(-accel "tcg,thread=multi")
		# A busy host stops a CPU of the guest for half a minute at times: no lockup of its kernel.
		append+=(watchdog_thresh=60)
		;;
	icount)
		qemu+=(-accel "tcg,thread=single" -icount "shift=0,align=off,sleep=off"
			-seed 1 -rtc "base=${date:-$(date -u +%Y-%m-%dT%H:%M:%S)},clock=vm")
		append+=(nokaslr norandmaps)
		;;
	# Eight nanoseconds an instruction: who polls for a timer waits for fewer of them.
	warp) qemu+=(-accel "tcg,thread=single" -icount "shift=3,align=off,sleep=off") ;;
	esac
}

# What each machine begins and ends with. machine_begin CONSOLE QEMU-ARGUMENT...
machine_begin() {
	append=("console=$1" ignore_loglevel printk.devkmsg=on panic=-1 "dmabench_platform=$platform")
	qemu=("${arch_qemu[$arch]}" -nodefaults -no-user-config -display none -no-reboot "${@:2}")
	machine_speed
}

machine_end() {
	append+=(${extra_append[@]+"${extra_append[@]}"})
	qemu+=(-kernel "$(kernel_image)" -initrd "$run/initramfs" -serial "file:$serial"
		-append "${append[*]}")
}

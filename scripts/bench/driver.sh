# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out and $root are bench.sh's
#
# The driver on this machine: built, loaded, and taken out again whatever happens.

proc_modules=${DMABENCH_PROC_MODULES:-/proc/modules}
dsa_devices=${DMABENCH_DSA_DEVICES:-/sys/bus/dsa/devices}
driver_loaded=no
driver_usable=no
janitor_pid=

driver_is_usable() {
	[[ $driver_usable == yes ]]
}

# Why no module can be loaded here, or nothing.
no_modules_reason() {
	if [[ ! -e $proc_modules ]]; then
		echo "this kernel has no module support"
	elif ! is_root; then
		echo "loading modules needs root"
	elif [[ -r /proc/sys/kernel/modules_disabled && $(</proc/sys/kernel/modules_disabled) == 1 ]]; then
		echo "loading modules was switched off (kernel.modules_disabled)"
	fi
}

# build_driver KDIR LOG: or why there is none, on stdout.
build_driver() {
	local kdir=$1 config
	for config in "$kdir/include/config/auto.conf" "$kdir/.config"; do
		[[ -r $config ]] || continue
		grep -q '^CONFIG_DMA_ENGINE=y' "$config" || {
			echo "this kernel is built without dmaengine (CONFIG_DMA_ENGINE), as those for clouds are"
			return 1
		}
		break
	done
	! no_source_reason | grep . || return 1
	make_modules "$kdir" >"$2" || {
		echo "the driver doesn't build against ${kdir##*/}, see $2:" \
			"$({ grep -aE '(error|Error|\*\*\*)[: ]' "$2" || cat "$2"; } | head -n 1 | cut -c 1-300)"
		return 1
	}
}

# host_headers LOG: those of the kernel that runs, or why there are none, on stdout.
host_headers() {
	local kdir=${KDIR:-/lib/modules/$(uname -r)/build}
	if [[ -d $kdir ]]; then
		printf '%s\n' "$kdir"
	else
		"$root/scripts/kernel/headers.sh" "$(uname -r)" 2>"$1" || {
			echo "no headers of this kernel: $(last_words "$1")"
			return 1
		}
	fi
}

# Why the kernel refused the module: what it says is for those who know it.
load_reason() { # LOG
	local said
	said=$(last_words "$1")
	case $said in
	*"Key was rejected"* | *"Required key not available"*)
		said+=" (Secure Boot wants it signed with a key that it knows: $(called doctor) has the steps for dkms's,"
		said+=" by mokutil; of your own sign it with the kernel's scripts/sign-file)"
		;;
	*"Operation not permitted"*)
		said+=" (no right to load modules here, as in a container, or the kernel is locked down:"
		said+=" $(called doctor) says)"
		;;
	*"Invalid module format"*) said+=" (it was built for another kernel than runs: $(uname -r))" ;;
	*"Unknown symbol"*) said+=" (this kernel lacks what the driver uses, dmaengine perhaps)" ;;
	esac
	printf '%s\n' "$said"
}

# Beside an installed harness there may be a driver that is installed, too, as by dkms.
has_module() {
	[[ $installed == yes && $(modinfo -F version dmabench 2>/dev/null) == "$version" ]]
}

# A driver that was there before stays there.
load_driver() {
	local what="the driver's paths on the host" reason kdir
	if [[ -e $proc_modules ]] && grep -q '^dmabench ' "$proc_modules"; then
		say "the driver is loaded already and stays"
		driver_usable=yes
		return
	fi
	reason=$(no_modules_reason)
	if [[ -n $reason ]]; then
		not_measured "$what" "$reason"
	elif has_module; then
		insert_driver modprobe dmabench ||
			not_measured "$what" "the driver can't be loaded: $(load_reason "$out/parts/driver-load.log")"
	elif ! kdir=$(host_headers "$out/parts/headers.log"); then
		not_measured "$what" "$kdir"
	elif ! reason=$(build_driver "$kdir" "$out/parts/driver-build.log"); then
		not_measured "$what" "$reason"
	elif ! insert_driver insmod "$build/driver/$(uname -r)/dmabench.ko"; then
		not_measured "$what" "the driver can't be loaded: $(load_reason "$out/parts/driver-load.log")"
	fi
}

# What idxd's work queues for the kernel were configured to, which it doesn't tell dmaengine: the least
# of them, as parameters. A page to 256 MiB can be told (docs/uapi.md).
idxd_parameters() {
	local queue len=0 room=0 value
	for queue in "$dsa_devices"/wq*; do
		[[ -r $queue/type && $(<"$queue/type") == kernel && $(<"$queue/state") == enabled ]] || continue
		value=$(<"$queue/max_transfer_size")
		[[ $len -ne 0 && $len -le $value ]] || len=$value
		if [[ $(<"$queue/mode") == shared ]]; then
			value=$(<"$queue/threshold")
		else
			value=$(<"$queue/size")
		fi
		[[ $room -ne 0 && $room -le $value ]] || room=$value
	done
	[[ $len -le 268435456 ]] || len=268435456
	[[ $len -lt 4096 ]] || echo "max_len=idxd/$len"
	[[ $room -eq 0 ]] || echo "room=idxd/$room"
}

# insert_driver COMMAND...: from here on it is ours to take out, even if we are interrupted while
# loading it.
insert_driver() {
	local parameters
	mapfile -t parameters < <(idxd_parameters)
	driver_loaded=yes
	start_janitor
	if "$@" ${parameters[@]+"${parameters[@]}"} \
		2>"$out/parts/driver-load.log"; then
		driver_usable=yes
		return
	fi
	driver_loaded=no
	stop_janitor
	return 1
}

# A script that is killed outright can't clean up: a process of its own session does,
# once what was measuring has let go of the driver.
start_janitor() {
	# shellcheck disable=SC2016 # the inner shell expands them
	setsid bash -c 'tail --pid="$1" -s 0.2 -f /dev/null
		for _ in $(seq 300); do
			grep -q "^dmabench " "$2" || exit 0
			rmmod dmabench 2>/dev/null && exit 0
			sleep 0.2
		done' janitor "$$" "$proc_modules" </dev/null >/dev/null 2>&1 &
	janitor_pid=$!
}

stop_janitor() {
	[[ -z $janitor_pid ]] || kill "$janitor_pid" 2>/dev/null || true
	janitor_pid=
}

unload_driver() {
	[[ $driver_loaded == yes ]] || return 0
	driver_loaded=no
	stop_janitor
	rmmod dmabench || warn "the module dmabench could not be taken out: rmmod dmabench"
}

# What the kernel said of the driver belongs to the result.
keep_driver_log() {
	[[ $driver_loaded != yes ]] || dmesg 2>/dev/null | grep -i dmabench >"$out/parts/dmesg.log" || true
}
